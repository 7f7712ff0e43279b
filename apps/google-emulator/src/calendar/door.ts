import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { readBody, type JsonObject } from '../discovery/body.js';
import { applyFieldMask } from '../discovery/field-mask.js';
import type { Method } from '../discovery/document.js';
import { readParameters, type Parameters } from '../discovery/parameters.js';
import type { ResponseCheck } from '../discovery/response-check.js';
import { findRoute, type Route } from '../discovery/route-table.js';
import type { CallKey, Faults } from '../emulator/faults.js';
import type { Grants } from '../oauth/grants.js';
import { costOf, type Quota } from '../quota/quota.js';
import type { Settings } from '../settings.js';
import type { World } from '../state/world.js';
import type { Call, Caller, Outcome } from './call.js';
import { pageNumber } from './paging.js';
import { errorOfReason, GoogleError, insufficientScopes, invalidCredentials, notFound, notImplemented } from './google-error.js';
import { rooms } from './methods.js';

/** A request to the Calendar API, however it came: by itself or as a part of a batch. */
export interface DoorRequest {
  readonly httpMethod: string;
  /** Below `/calendar/v3/`, still encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export type DoorAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: object | undefined; readonly pretty: boolean }
  /** A fault cuts the connection. */
  | { readonly kind: 'cut' };

export interface DoorParts {
  readonly world: World;
  readonly grants: Grants;
  readonly faults: Faults;
  readonly quota: Quota;
  readonly settings: Settings;
  readonly log: Logger;
  readonly checkResponse: ResponseCheck | undefined;
  publicUrl(): string;
}

/** What is known of a call for stats and log, filled in as it goes. */
interface Trace {
  method: string;
  email: string | undefined;
  client: string | undefined;
  calendarId: string | undefined;
  eventId: string | undefined;
}

/** Who calls → may he → quota → faults → is it well-formed → the method → is the answer Google's. */
export class CalendarDoor {
  constructor(private readonly parts: DoorParts) {}

  async handle(request: DoorRequest): Promise<DoorAnswer> {
    const startedMs = performance.now();
    const trace: Trace = { method: `${request.httpMethod} ${request.path}`, email: undefined, client: undefined, calendarId: undefined, eventId: undefined };
    const answer = await this.#answer(request, trace);
    const status = answer.kind === 'cut' ? 0 : answer.status;
    this.parts.world.log.count({ method: trace.method, email: trace.email, client: trace.client, status });
    this.parts.log.info({ ...trace, status, ms: Math.round((performance.now() - startedMs) * 10) / 10 }, 'call');
    return answer;
  }

  async #answer(request: DoorRequest, trace: Trace): Promise<DoorAnswer> {
    const pretty = request.query.get('prettyPrint') !== 'false';
    try {
      return await this.#work(request, trace, pretty);
    } catch (error) {
      if (error instanceof GoogleError) return { kind: 'answer', status: error.status, headers: error.headers, body: error.body, pretty };
      this.parts.log.error({ ...trace, err: error }, 'the emulator failed');
      const message = error instanceof Error ? error.message : String(error);
      const body = { error: { errors: [{ domain: 'emulator', reason: 'internalError', message }], code: 500, message } };
      return { kind: 'answer', status: 500, headers: {}, body, pretty };
    }
  }

  async #work(request: DoorRequest, trace: Trace, pretty: boolean): Promise<DoorAnswer> {
    const { world, faults, quota } = this.parts;
    const route = findRoute(request.httpMethod, request.path);
    if (route === undefined) throw notFound();
    const { method } = route;
    trace.method = method.id;
    const caller = this.#authenticate(request);
    trace.email = caller.email;
    trace.client = caller.client;
    trace.calendarId = calendarIdOf(world, route, caller);
    trace.eventId = route.path['eventId'];
    checkScopes(method, caller);

    const key: CallKey = { method: method.id, email: caller.email, client: caller.client, calendarId: trace.calendarId };
    const { latencyMs, error } = faults.before(key);
    if (latencyMs > 0) {
      await wait(latencyMs);
      // The consent may have been withdrawn meanwhile.
      this.#authenticate(request);
    }
    if (error !== undefined) throw errorOfReason(error.status, error.reason);
    quota.spend(caller.client, caller.email, costOf(method.id));

    const room = rooms[method.id];
    if (room === undefined) throw notImplemented(`the method ${method.id}`);
    const parameters = readParameters(method, route.path, request.query, new Set([...room.parameters, ...Object.keys(route.path)]));
    const body = method.request === undefined ? {} : readBody(request.body, method.request.$ref);
    const listed = this.#listFaults(method, parameters, key);
    if (listed === 'cut') return { kind: 'cut' };
    const call: Call = { world, settings: this.parts.settings, publicUrl: this.parts.publicUrl(), method, parameters, body, caller, ifMatch: request.headers['if-match'], listFaults: listed };
    const outcome = world.change(() => this.#apply(call, (checked) => room.handle(checked)));
    if (outcome.write?.eventId !== undefined) trace.eventId = outcome.write.eventId;
    // It waits for a call that does something: a read has nothing to apply, and would use up its `times`.
    if (method.httpMethod !== 'GET' && faults.dropsAnswer(key)) return { kind: 'cut' };
    return this.#render(request, method, outcome, parameters, pretty);
  }

  /** The write, its line in the statistics and an answer as Google would give it stand or fall together. */
  #apply(call: Call, handle: (call: Call) => Outcome): Outcome {
    const outcome = handle(call);
    const schema = call.method.response?.$ref;
    if (outcome.body !== undefined && schema !== undefined) this.parts.checkResponse?.(schema, outcome.body);
    if (outcome.write !== undefined) {
      const { email, client } = call.caller;
      call.world.log.write({ at: call.world.clock.now().toISOString(), method: call.method.id, email, client, calendarId: outcome.write.calendarId, eventId: outcome.write.eventId });
    }
    return outcome;
  }

  #authenticate(request: DoorRequest): Caller {
    const header = request.headers['authorization'];
    if (header !== undefined && !/^Bearer /i.test(header)) throw invalidCredentials();
    const token = header?.slice('Bearer '.length).trim() ?? request.query.get('access_token') ?? request.query.get('oauth_token') ?? undefined;
    return this.parts.grants.authenticate(token);
  }

  #listFaults(method: Method, parameters: Parameters, key: CallKey): Call['listFaults'] | 'cut' {
    const { faults, world } = this.parts;
    if (method.id !== 'calendar.events.list') return { omit: new Set(), pages: undefined };
    if (faults.cutsPage(key, pageNumber({ world, parameters }))) return 'cut';
    return { omit: faults.omitted(key), pages: faults.pagesAtLeast(key) };
  }

  #render(request: DoorRequest, method: Method, outcome: Outcome, parameters: Parameters, pretty: boolean): DoorAnswer {
    const schema = method.response?.$ref;
    const etag = outcome.body?.['etag'];
    const headers: Record<string, string> = typeof etag === 'string' ? { etag } : {};
    if (method.httpMethod === 'GET' && typeof etag === 'string' && matchesEtag(request.headers['if-none-match'], etag)) {
      return { kind: 'answer', status: 304, headers, body: undefined, pretty };
    }
    const mask = parameters.text('fields');
    const body: JsonObject | undefined = outcome.body !== undefined && mask !== undefined && mask !== '' && schema !== undefined ? applyFieldMask(outcome.body, mask, schema) : outcome.body;
    return { kind: 'answer', status: outcome.status, headers, body, pretty };
  }
}

function checkScopes(method: Method, caller: Caller): void {
  if ((method.scopes ?? []).some((scope) => caller.scopes.has(scope))) return;
  const [, resource = '', verb = ''] = method.id.split('.');
  const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
  throw insufficientScopes(`calendar.v3.${capital(resource)}.${capital(verb)}`);
}

function calendarIdOf(world: World, route: Route, caller: Caller): string | undefined {
  const given = route.path['calendarId'];
  if (given === undefined) return undefined;
  if (given === 'primary') return caller.email;
  return world.calendars.get(given)?.id ?? given;
}

function matchesEtag(header: string | undefined, etag: string): boolean {
  return header !== undefined && (header === '*' || header.split(',').some((text) => text.trim().replace(/^W\//, '') === etag));
}
