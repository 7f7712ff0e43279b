import { queryError } from '../rest/rest-error.js';

export type Comparator = '=' | '===' | '!=' | '!==' | '<' | '<=' | '>' | '>=' | 'begin' | 'in' | '%';

/** A constant as it was written. Bare words keep their text: what they mean depends on the attribute's type. */
export type Constant =
  | { readonly kind: 'quoted'; readonly text: string }
  | { readonly kind: 'bare'; readonly text: string }
  | { readonly kind: 'placeholder'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Constant[] };

export type Query =
  | { readonly kind: 'compare'; readonly path: string; readonly comparator: Comparator; readonly constant: Constant }
  | { readonly kind: 'not'; readonly of: Query }
  | { readonly kind: 'and' | 'or' | 'except'; readonly left: Query; readonly right: Query };

/** Error codes: 1112 operator, 1162 malformed, 1200 value, 1201 parenthesis, 1203 conjunction, 1204 ends too early, 1809 quote. */
export function parseQuery(source: string): Query {
  return new QueryParser(tokens(source), source).whole();
}

type Token = { readonly kind: 'word' | 'quoted' | 'double' | 'symbol'; readonly text: string };

const SYMBOL = /^(===|!==|==|!=|<=|>=|&&|\|\||[=#<>%()[\],&|])/;
/** A bare word ends at a blank, a bracket, or what could begin an operator. */
const WORD = /^[^\s=!#<>%()[\],&|'"]+/;

function tokens(source: string): Token[] {
  const found: Token[] = [];
  let rest = source;
  while ((rest = rest.trimStart()) !== '') {
    const quote = rest[0];
    if (quote === "'" || quote === '"') {
      const end = rest.indexOf(quote, 1);
      if (end < 0) throw queryError(1809, `Unclosed quote in "${source}"`);
      found.push({ kind: quote === "'" ? 'quoted' : 'double', text: rest.slice(1, end) });
      rest = rest.slice(end + 1);
      if (/^[^\s)\],&|]/.test(rest)) throw queryError(1162, `A quote inside a value breaks the query "${source}": use a placeholder`);
      continue;
    }
    const text = SYMBOL.exec(rest)?.[0] ?? WORD.exec(rest)?.[0];
    if (text === undefined) throw queryError(1112, `Unknown operator at "${rest}"`);
    found.push({ kind: SYMBOL.test(text) ? 'symbol' : 'word', text });
    rest = rest.slice(text.length);
  }
  return found;
}

class QueryParser {
  readonly #tokens: readonly Token[];
  readonly #source: string;
  #at = 0;

  constructor(parsed: readonly Token[], source: string) {
    this.#tokens = parsed;
    this.#source = source;
  }

  whole(): Query {
    const query = this.#or();
    const extra = this.#peek();
    if (extra) throw queryError(extra.text === ')' ? 1201 : 1203, `AND, OR or EXCEPT expected before "${extra.text}" in "${this.#source}"`);
    return query;
  }

  #or(): Query {
    let left = this.#and();
    while (this.#takeWord('or') || this.#takeSymbol('|', '||')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): Query {
    let left = this.#unary();
    for (;;) {
      if (this.#takeWord('and') || this.#takeSymbol('&', '&&')) left = { kind: 'and', left, right: this.#unary() };
      else if (this.#takeWord('except')) left = { kind: 'except', left, right: this.#unary() };
      else return left;
    }
  }

  #unary(): Query {
    if (this.#takeWord('not')) return { kind: 'not', of: this.#unary() };
    if (!this.#takeSymbol('(')) return this.#comparison();
    const inner = this.#or();
    if (!this.#takeSymbol(')')) throw queryError(1201, `Missing ")" in "${this.#source}"`);
    return inner;
  }

  #comparison(): Query {
    const path = this.#next('an attribute');
    if (path.kind !== 'word') throw queryError(1162, `Attribute expected instead of "${path.text}" in "${this.#source}"`);
    const comparator = this.#comparator();
    return { kind: 'compare', path: path.text, comparator, constant: comparator === 'in' ? this.#list() : this.#constant() };
  }

  #comparator(): Comparator {
    const token = this.#next('a comparator');
    const text = token.text.toLowerCase();
    if (token.kind === 'symbol') {
      if (text === '==') return '=';
      if (text === '#') return '!=';
      if (text === '=' || text === '===' || text === '!=' || text === '!==' || text === '<' || text === '<=' || text === '>' || text === '>=' || text === '%') return text;
    }
    if (token.kind === 'word') {
      if (text === 'is') return this.#takeWord('not') ? '!==' : '===';
      if (text === 'begin' || text === 'in') return text;
    }
    throw queryError(1112, `Unknown comparator "${token.text}" in "${this.#source}"`);
  }

  #constant(): Constant {
    const token = this.#next('a value');
    if (token.kind === 'quoted') return { kind: 'quoted', text: token.text };
    if (token.kind === 'word') return token.text.startsWith(':') ? { kind: 'placeholder', name: token.text.slice(1) } : { kind: 'bare', text: token.text };
    throw queryError(1200, `Value expected instead of "${token.text}" in "${this.#source}"`);
  }

  #list(): Constant {
    if (!this.#takeSymbol('[')) {
      const constant = this.#constant();
      if (constant.kind !== 'placeholder') throw queryError(1200, `IN expects a list in [ ] or a placeholder in "${this.#source}"`);
      return constant;
    }
    const items: Constant[] = [];
    while (!this.#takeSymbol(']')) {
      if (items.length > 0 && !this.#takeSymbol(',')) throw queryError(1200, `"," or "]" expected in the list of "${this.#source}"`);
      // Only here double quotes are 4D's own form: IN ["a","b"].
      items.push(this.#peek()?.kind === 'double' ? { kind: 'quoted', text: this.#next('a value').text } : this.#constant());
    }
    return { kind: 'list', items };
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #next(expected: string): Token {
    const token = this.#tokens[this.#at];
    if (!token) throw queryError(1204, `${expected} expected at the end of "${this.#source}"`);
    this.#at += 1;
    return token;
  }

  #takeWord(word: string): boolean {
    const token = this.#peek();
    if (token?.kind !== 'word' || token.text.toLowerCase() !== word) return false;
    this.#at += 1;
    return true;
  }

  #takeSymbol(...symbols: string[]): boolean {
    const token = this.#peek();
    if (token?.kind !== 'symbol' || !symbols.includes(token.text)) return false;
    this.#at += 1;
    return true;
  }
}
