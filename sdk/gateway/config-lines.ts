// On which line of a TOML file a key stands, so that a mistake can be told with its place: the parser gives values without places.
// It looks at headers and at the keys of plain lines; what stands inside an inline table is found at the line of the table.

/** Line numbers from 1, by path: "http.listen", "serial[0]", "serial[0].baudRate". */
export type ConfigLines = ReadonlyMap<string, number>;

const HEADER = /^\s*(\[\[?)\s*([^\]]+?)\s*\]/;
const KEY = /^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=/;
const MULTILINE_QUOTES = /"""|'''/g;

export function findConfigLines(text: string): ConfigLines {
  const lines = new Map<string, number>();
  const counts = new Map<string, number>();
  let table = '';
  let isInText = false;
  for (const [index, line] of text.split('\n').entries()) {
    const wasInText = isInText;
    if ((line.match(MULTILINE_QUOTES)?.length ?? 0) % 2 === 1) isInText = !isInText;
    if (wasInText) continue;
    const header = HEADER.exec(line);
    const key = header === null ? KEY.exec(line) : null;
    if (header !== null) {
      table = nameOfTable(bare(header[2]!), header[1] === '[[', counts);
      note(lines, table, index + 1);
      note(lines, bare(header[2]!), index + 1); // the list itself: where its first begins
    } else if (key !== null) note(lines, joined(table, bare(key[1]!)), index + 1);
  }
  return lines;
}

/** The line of the path, or of the table that it is in. */
export function lineOf(lines: ConfigLines, path: string): number | null {
  for (let at = path; at !== ''; at = parentOf(at)) {
    const line = lines.get(at);
    if (line !== undefined) return line;
  }
  return null;
}

function nameOfTable(name: string, isList: boolean, counts: Map<string, number>): string {
  if (!isList) return name;
  const count = counts.get(name) ?? 0;
  counts.set(name, count + 1);
  return `${name}[${count}]`;
}

/** A key that stands twice is the parser's to refuse: the first place counts. */
function note(lines: Map<string, number>, path: string, line: number): void {
  if (!lines.has(path)) lines.set(path, line);
}

function joined(table: string, key: string): string {
  return table === '' ? key : `${table}.${key}`;
}

function bare(key: string): string {
  return key
    .split('.')
    .map((part) => part.trim().replace(/^["']|["']$/g, ''))
    .join('.');
}

function parentOf(path: string): string {
  const cut = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
  return cut < 0 ? '' : path.slice(0, cut);
}
