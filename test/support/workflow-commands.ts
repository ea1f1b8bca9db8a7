/** A command as GitHub's runner reads it off a line of a log. */
export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** The commands among the lines of a log, by the rules of the runner (`ActionCommand.cs`), the old form included. */
export function commandsIn(log: string): readonly WorkflowCommand[] {
  return log.split(/\r\n|\r|\n/).flatMap((line) => commandOf(line) ?? oldCommandOf(line) ?? []);
}

/** `::name key=value,key=value::data`, after blanks. */
function commandOf(line: string): WorkflowCommand | undefined {
  const text = line.trimStart();
  if (!text.startsWith('::')) return undefined;
  const end = text.indexOf('::', 2);
  if (end < 0) return undefined;
  const info = text.slice(2, end);
  const space = info.indexOf(' ');
  return {
    name: space < 0 ? info : info.slice(0, space),
    properties: propertiesOf(space < 0 ? '' : info.slice(space + 1), ',', decodeProperty),
    data: decode(text.slice(end + 2)),
  };
}

/** `##[name key=value;key=value]data`, anywhere in a line. */
function oldCommandOf(line: string): WorkflowCommand | undefined {
  const start = line.indexOf('##[');
  const end = line.indexOf(']', start);
  if (start < 0 || end < 0) return undefined;
  const [name = '', ...rest] = line.slice(start + 3, end).split(' ');
  return {
    name,
    properties: propertiesOf(rest.join(' '), ';', (text) => text),
    data: line.slice(end + 1),
  };
}

function propertiesOf(
  text: string,
  separator: string,
  decoded: (text: string) => string,
): Readonly<Record<string, string>> {
  const pairs = text.split(separator).map((part) => part.trim());
  return Object.fromEntries(
    pairs.flatMap((pair) => {
      const at = pair.indexOf('=');
      return at < 1 ? [] : [[pair.slice(0, at), decoded(pair.slice(at + 1))]];
    }),
  );
}

function decode(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

function decodeProperty(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');
}
