/** How YAML 1.1 (PyYAML, most Sigma tools) reads an unquoted scalar that YAML 1.2 reads otherwise. */
export function yaml11Reading(text: string): string | undefined {
  if (/^(y|Y|yes|Yes|YES|on|On|ON)$/.test(text)) return 'the boolean true';
  if (/^(n|N|no|No|NO|off|Off|OFF)$/.test(text)) return 'the boolean false';
  if (/^[-+]?0[0-7_]*[0-7][0-7_]*$/.test(text)) return `the octal number ${octal(text)}`;
  if (/^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/.test(text)) return 'a number to base 60';
  if (/^[-+]?[0-9][0-9_]*_[0-9_]*$/.test(text)) return `the number ${text.replaceAll('_', '')}`;
  if (/^0o[0-7]+$/.test(text)) return 'text';
  if (/^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?$/.test(text)) return 'a date';
  return undefined;
}

function octal(text: string): number {
  const digits = text.replace(/^[-+]/, '').replaceAll('_', '');
  const value = Number.parseInt(digits, 8);
  return text.startsWith('-') ? -value : value;
}
