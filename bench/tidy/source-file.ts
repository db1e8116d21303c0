// One TypeScript or AssemblyScript file, read for its shape: imports, functions, and names it uses. Parsed, not matched by text, so a
// word in a comment or a string counts for nothing. AssemblyScript is close enough to TypeScript for the same parser.

import { ts } from 'ts-morph';
import { readText } from './repository.ts';

export interface Import {
  readonly specifier: string;
  readonly line: number;
  readonly isTypeOnly: boolean;
}

export interface FunctionShape {
  /** Name as a reader would look for it; nested ones carry the names around them: "openSqlite.prepare". */
  readonly name: string;
  readonly line: number;
  readonly lineCount: number;
}

/** A use of a name: `fetch`, `Date.now`, `new Date()`. */
export interface NameUse {
  readonly name: string;
  readonly line: number;
}

const parsed = new Map<string, ts.SourceFile>();

function parse(path: string): ts.SourceFile {
  let file = parsed.get(path);
  if (file === undefined) {
    file = ts.createSourceFile(path, readText(path), ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
    parsed.set(path, file);
  }
  return file;
}

function lineOf(file: ts.SourceFile, at: number): number {
  return file.getLineAndCharacterOfPosition(at).line + 1;
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  node.forEachChild((child) => visit(child, see));
}

/** Static and dynamic imports, re-exports, `import('...')` types and `require('...')`. */
export function importsOf(path: string): Import[] {
  const file = parse(path);
  const imports: Import[] = [];
  visit(file, (node) => {
    const found = importedBy(node);
    if (found !== null) imports.push({ ...found, line: lineOf(file, node.getStart(file)) });
  });
  return imports;
}

function importedBy(node: ts.Node): Omit<Import, 'line'> | null {
  const from = (at: ts.Node | undefined, isTypeOnly: boolean) =>
    at !== undefined && ts.isStringLiteralLike(at) ? { specifier: at.text, isTypeOnly } : null;
  if (ts.isImportDeclaration(node)) return from(node.moduleSpecifier, node.importClause?.isTypeOnly === true);
  if (ts.isExportDeclaration(node)) return from(node.moduleSpecifier, node.isTypeOnly);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return from(node.argument.literal, true);
  if (!ts.isCallExpression(node)) return null;
  const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
  const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
  return isImport || isRequire ? from(node.arguments[0], false) : null;
}

/** Every function with a body, and how many lines it takes. */
export function functionsOf(path: string): FunctionShape[] {
  const file = parse(path);
  const functions: FunctionShape[] = [];
  visit(file, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return;
    const line = lineOf(file, node.getStart(file));
    functions.push({ name: nameOf(node), line, lineCount: lineOf(file, node.getEnd()) - line + 1 });
  });
  return functions;
}

function nameOf(node: ts.Node): string {
  const names: string[] = [];
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) {
    const named = at as { name?: ts.Node };
    const isNamed = ts.isFunctionLike(at) || ts.isClassDeclaration(at) || ts.isVariableDeclaration(at);
    if ((isNamed || ts.isPropertyAssignment(at)) && named.name !== undefined) names.unshift(named.name.getText());
  }
  return names.length === 0 ? 'unnamed' : names.join('.');
}

/** Names used as values: plain ones, `a.b`, and constructions without arguments as `new A()`. */
export function namesUsedIn(path: string): NameUse[] {
  const file = parse(path);
  const uses: NameUse[] = [];
  visit(file, (node) => {
    const name = usedName(node);
    if (name !== null) uses.push({ name, line: lineOf(file, node.getStart(file)) });
  });
  return uses;
}

function usedName(node: ts.Node): string | null {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    return `${node.expression.text}.${node.name.text}`;
  }
  if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && !node.arguments?.length) {
    return `new ${node.expression.text}()`;
  }
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) return `${node.expression.text}()`;
  return null;
}

/** Keys of the object that `name` is set to, nested ones joined with dots; null when there is no such object. */
export function keysOfObject(path: string, name: string): string[] | null {
  let found: string[] | null = null;
  visit(parse(path), (node) => {
    if (!ts.isVariableDeclaration(node) || node.name.getText() !== name || node.initializer === undefined) return;
    const value = ts.isAsExpression(node.initializer) ? node.initializer.expression : node.initializer;
    if (ts.isObjectLiteralExpression(value)) found = keysOf(value, '');
  });
  return found;
}

function keysOf(object: ts.ObjectLiteralExpression, prefix: string): string[] {
  return object.properties.flatMap((property) => {
    const key = `${prefix}${property.name?.getText() ?? ''}`;
    const isNested = ts.isPropertyAssignment(property) && ts.isObjectLiteralExpression(property.initializer);
    return isNested ? keysOf(property.initializer as ts.ObjectLiteralExpression, `${key}.`) : [key];
  });
}
