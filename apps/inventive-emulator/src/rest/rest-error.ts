/** One line of 4D's `__ERROR`. */
export interface ErrorLine {
  readonly message: string;
  readonly componentSignature: 'dbmg';
  readonly errCode: number;
}

export const errorLine = (errCode: number, message: string): ErrorLine => ({ message, componentSignature: 'dbmg', errCode });

/** An answer with `__ERROR`. HTTP 500 is what 4D gives for most; see README for the choices where it says nothing. */
export class RestError extends Error {
  override readonly name = 'RestError';
  readonly httpStatus: number;
  readonly lines: readonly ErrorLine[];

  constructor(httpStatus: number, ...lines: readonly ErrorLine[]) {
    super(lines.map((line) => line.message).join('; '));
    this.httpStatus = httpStatus;
    this.lines = lines;
  }

  body(): { __ERROR: readonly ErrorLine[] } {
    return { __ERROR: this.lines };
  }
}

export const queryError = (errCode: number, message: string): RestError => new RestError(500, errorLine(errCode, message));

export const unknownAttribute = (dataclass: string, attribute: string): RestError =>
  new RestError(500, errorLine(1500, `The attribute "${attribute}" cannot be found in dataclass "${dataclass}"`), errorLine(1804, `Unknown attribute "${attribute}"`));

export const unknownDataclass = (name: string): RestError => new RestError(404, errorLine(1800, `Unknown dataclass "${name}"`));

export const noSuchEntity = (dataclass: string, key: string): RestError =>
  new RestError(404, errorLine(1542, `Cannot find entity with "${key}" key in the "${dataclass}" dataclass`));

/** What this emulator doesn't have: refused with its name, never ignored. */
export const notSupported = (what: string): RestError => new RestError(501, errorLine(1811, `${what} is not supported by this emulator`));

export const noPermission = (what: string): RestError => new RestError(401, errorLine(1561, `No permission: ${what}`));
