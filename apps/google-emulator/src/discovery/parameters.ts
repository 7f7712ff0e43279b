import { invalid, notImplemented, required, GoogleError } from '../calendar/google-error.js';
import { calendarDocument, type Method, type Schema } from './document.js';
import { asRfc3339 } from './formats.js';

export type ParameterValue = string | number | boolean | readonly string[];

/** The checked parameters of one call, typed by Google's document. */
export class Parameters {
  constructor(private readonly values: ReadonlyMap<string, ParameterValue>) {}

  has(name: string): boolean {
    return this.values.has(name);
  }
  text(name: string): string | undefined {
    const value = this.values.get(name);
    return typeof value === 'string' ? value : undefined;
  }
  number(name: string): number | undefined {
    const value = this.values.get(name);
    return typeof value === 'number' ? value : undefined;
  }
  flag(name: string): boolean | undefined {
    const value = this.values.get(name);
    return typeof value === 'boolean' ? value : undefined;
  }
  list(name: string): readonly string[] {
    const value = this.values.get(name);
    return Array.isArray(value) ? (value as readonly string[]) : [];
  }
  /** All given ones in a fixed order: what two pages of one query must have in common. */
  fingerprint(except: readonly string[]): string {
    return JSON.stringify([...this.values].filter(([name]) => !except.includes(name)).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** Query parameters that every Google API takes beside those of the document; they carry the credentials. */
const systemParameters: Readonly<Record<string, Schema>> = { access_token: { type: 'string' } };

/**
 * Checks path and query against the document.
 * @param supported what the emulator honours of the method's own parameters; a documented one beyond it → 501 with its name
 */
export function readParameters(method: Method, path: Readonly<Record<string, string>>, query: URLSearchParams, supported: ReadonlySet<string>): Parameters {
  const own = method.parameters ?? {};
  const values = new Map<string, ParameterValue>(Object.entries(path));
  for (const name of new Set(query.keys())) {
    const schema = own[name] ?? calendarDocument.parameters[name] ?? systemParameters[name];
    if (schema === undefined || schema.location === 'path') throw unknownParameter(name);
    if (name in own && !supported.has(name)) throw notImplemented(`the parameter '${name}' of ${method.id}`, name);
    values.set(name, readValue(name, schema, query.getAll(name)));
  }
  for (const [name, schema] of Object.entries(own)) {
    if (schema.required === true && !values.has(name)) throw required(`Required parameter: ${name}`, name);
  }
  return new Parameters(values);
}

function readValue(name: string, schema: Schema, given: readonly string[]): ParameterValue {
  if (schema.repeated === true) return given.map((text) => readOne(name, schema, text) as string);
  if (given.length > 1) throw invalid(`Invalid Value. The parameter ${name} may be given once only.`, name);
  return readOne(name, schema, given[0] ?? '');
}

function readOne(name: string, schema: Schema, text: string): string | number | boolean {
  if (schema.enum !== undefined && !schema.enum.includes(text)) throw invalid(`Invalid Value '${text}'. Allowed values: [${schema.enum.join(', ')}]`, name);
  switch (schema.type) {
    case 'boolean':
      if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
      throw invalid(`Invalid Value '${text}'. A boolean is needed.`, name);
    case 'integer': {
      const value = Number(text);
      if (!/^-?\d+$/.test(text) || Math.abs(value) > 2 ** 31 - 1) throw invalid(`Invalid Value '${text}'. An integer is needed.`, name);
      if (schema.minimum !== undefined && value < Number(schema.minimum)) throw invalid(`Invalid Value '${text}'. The least value is ${schema.minimum}.`, name);
      if (schema.maximum !== undefined && value > Number(schema.maximum)) throw invalid(`Invalid Value '${text}'. The largest value is ${schema.maximum}.`, name);
      return value;
    }
    default:
      if (schema.format === 'date-time' && asRfc3339(text) === undefined) throw invalid('Invalid Value. An RFC 3339 time with an offset is needed.', name);
      return text;
  }
}

function unknownParameter(name: string): GoogleError {
  const message = `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`;
  return new GoogleError(400, {
    error: {
      errors: [{ domain: 'global', reason: 'badRequest', message }],
      code: 400,
      message,
      status: 'INVALID_ARGUMENT',
      details: [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ description: message }] }],
    },
  });
}
