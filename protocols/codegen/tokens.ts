// CDDL text -> tokens. Comments are kept: they become the doc-comments of the generated types.

import { CddlError, type SourcePlace } from './model.ts';

export interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'mark' | 'control' | 'end';
  readonly text: string;
  readonly place: SourcePlace;
  /** Comment lines standing alone directly above this token's line. */
  readonly above: string;
}

export interface TokenStream {
  readonly tokens: readonly Token[];
  /** Trailing comments by line. */
  readonly besides: ReadonlyMap<number, string>;
}

const PATTERN = /([A-Za-z][A-Za-z0-9_-]*)|(-?\d+)|"([^"\\\n]*)"|(\.[a-z]+)|(\.\.|=>|[=/[\]{}():,*+?])/y;

export function tokenize(file: string, text: string): TokenStream {
  const tokens: Token[] = [];
  const besides = new Map<number, string>();
  let above: string[] = [];
  const lines = text.split('\n');
  lines.forEach((line, index) => {
    const place = { file, line: index + 1 };
    const { code, comment } = splitComment(line);
    const found = tokensOf(code, place, above.join(' '));
    if (found.length > 0) {
      if (comment !== null) besides.set(place.line, comment);
      tokens.push(...found);
      above = [];
    } else if (comment !== null) above.push(comment);
    else above = []; // a blank line ends a comment's claim on what follows
  });
  tokens.push({ kind: 'end', text: 'end of file', place: { file, line: lines.length }, above: '' });
  return { tokens, besides };
}

function splitComment(line: string): { code: string; comment: string | null } {
  let isQuoted = false;
  for (let index = 0; index < line.length; index++) {
    if (line[index] === '"') isQuoted = !isQuoted;
    if (line[index] === ';' && !isQuoted) return { code: line.slice(0, index), comment: line.slice(index + 1).trim() };
  }
  return { code: line, comment: null };
}

function tokensOf(code: string, place: SourcePlace, above: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < code.length) {
    if (code[at] === ' ' || code[at] === '\t' || code[at] === '\r') {
      at++;
      continue;
    }
    PATTERN.lastIndex = at;
    const match = PATTERN.exec(code);
    if (!match) throw new CddlError(place, `cannot read ${JSON.stringify(code.slice(at, at + 12))}`);
    tokens.push({ ...classify(match), place, above: tokens.length === 0 ? above : '' });
    at = PATTERN.lastIndex;
  }
  return tokens;
}

function classify(match: RegExpExecArray): Pick<Token, 'kind' | 'text'> {
  if (match[1] !== undefined) return { kind: 'name', text: match[1] };
  if (match[2] !== undefined) return { kind: 'number', text: match[2] };
  if (match[3] !== undefined) return { kind: 'text', text: match[3] };
  if (match[4] !== undefined) return { kind: 'control', text: match[4] };
  return { kind: 'mark', text: match[5]! };
}
