/** Said where a text is made small to compare it caselessly. */
export const foldedByLower = 'lower() also makes letters beyond ASCII small.';

/** Said where the text "null" is taken for a JSON null. */
export const noNullText =
  'No value is the text "null", in capitals or not: that may be how Splunk shows a JSON null.';
