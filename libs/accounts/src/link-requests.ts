import { createHash, randomBytes } from 'node:crypto';
import { Schema, type Connection, type Model } from 'mongoose';
import type { InstallationId, InventiveId, SourceName } from '@calsync/calendar-model';
import type { FreshTokens, Seals } from './grants.js';
import type { GoogleIdentity } from './link-account.js';
import { STORED } from './stored-documents.js';
import type { LinkedCalendar } from './write-link.js';

const AUTHORIZATION_TTL_MS = 10 * 60_000;
/** Kept after its end, so that a person reads "this link has expired" and not "unknown". */
const REMEMBERED_MS = 7 * 86_400_000;

export interface LinkSubject {
  readonly source: SourceName;
  readonly userId: InventiveId;
  /** An address other than the expected one that an administrator agreed to. */
  readonly confirmedEmail?: string;
}

/** A personal link that an administrator sends to a user. */
export interface Invitation extends LinkSubject {
  readonly expiresAt: Date;
}
export type InvitationReading = { readonly kind: 'open'; readonly invitation: Invitation } | { readonly kind: 'used' | 'expired' | 'unknown' };

/** One journey to Google's consent page and back. */
export interface Authorization extends LinkSubject {
  readonly state: string;
  readonly codeVerifier: string;
  readonly nonce: string;
  /** The invitation by which it began, to be used up when it succeeds; absent where an administrator began it. */
  readonly invitationToken?: string;
}
export type AuthorizationReading = { readonly kind: 'open'; readonly authorization: Authorization } | { readonly kind: 'expired' | 'other-browser' | 'unknown' };

/** The person consented and has yet to say which calendar it is to be. What Google gave waits here, sealed; the browser holds the key to it alone. */
export interface CalendarChoice extends LinkSubject {
  readonly identity: GoogleIdentity;
  readonly tokens: FreshTokens & { readonly refreshToken: string };
  readonly calendars: readonly (LinkedCalendar & { readonly name: string })[];
  readonly invitationToken?: string;
  /** The calendar that was kept in step before is not among them. */
  readonly formerIsGone?: true;
}

interface LinkRequestDocument {
  /** SHA-256 of the secret: who reads the database can't follow the link. */
  _id: string;
  kind: 'invitation' | 'authorization' | 'choice';
  source: string;
  userId: string;
  confirmedEmail?: string;
  createdBy?: string;
  /** SHA-256 of what the browser that began must show again. */
  boundTo?: string;
  /** Verifier, nonce and invitation; of a choice all that belongs to it. Sealed. */
  secrets?: string;
  usedAt?: Date;
  expiresAt: Date;
  forgetAt: Date;
}

const documentSchema = new Schema<LinkRequestDocument>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    source: { type: String, required: true },
    userId: { type: String, required: true },
    confirmedEmail: String,
    createdBy: String,
    boundTo: String,
    secrets: String,
    usedAt: Date,
    expiresAt: { type: Date, required: true },
    forgetAt: { type: Date, required: true },
  },
  { ...STORED, collection: 'link-requests' },
);
documentSchema.index({ forgetAt: 1 }, { name: 'forgotten-in-time', expireAfterSeconds: 0 });

const model = (connection: Connection): Model<LinkRequestDocument> =>
  (connection.models['LinkRequest'] as Model<LinkRequestDocument> | undefined) ?? connection.model<LinkRequestDocument>('LinkRequest', documentSchema);

/** Invitations, journeys to Google and the choice at their end. Each secret is single-use, ends by itself and stands here only as a hash. */
export class LinkRequests {
  readonly #requests: Model<LinkRequestDocument>;

  constructor(private readonly parts: { readonly connection: Connection; readonly installation: InstallationId; readonly keys: Seals; readonly now: () => number }) {
    this.#requests = model(parts.connection);
  }

  async prepare(): Promise<void> {
    await this.#requests.createIndexes();
  }

  /** The token for the personal link; it is shown once and stored nowhere. An earlier link of the same user ends: it may have gone to the wrong person. */
  async invite(subject: LinkSubject, createdBy: string, ttlMs: number): Promise<{ readonly token: string; readonly expiresAt: Date }> {
    const token = secret();
    const expiresAt = new Date(this.parts.now() + ttlMs);
    await this.#requests.deleteMany({ kind: 'invitation', source: subject.source, userId: subject.userId, usedAt: { $exists: false } });
    await this.#requests.create({ _id: hash(token), kind: 'invitation', ...subject, createdBy, expiresAt, forgetAt: new Date(expiresAt.getTime() + REMEMBERED_MS) });
    return { token, expiresAt };
  }

  /** Only looks: a mail scanner that follows the link doesn't use it up. */
  async readInvitation(token: string): Promise<InvitationReading> {
    const found = await this.#requests.findOne({ _id: hash(token), kind: 'invitation' }).lean<LinkRequestDocument | null>();
    if (found === null) return { kind: 'unknown' };
    if (found.usedAt !== undefined && found.usedAt !== null) return { kind: 'used' };
    if (found.expiresAt.getTime() <= this.parts.now()) return { kind: 'expired' };
    return { kind: 'open', invitation: { ...subjectOf(found), expiresAt: found.expiresAt } };
  }

  /** True for exactly one caller, and only in time. */
  async useInvitation(token: string): Promise<boolean> {
    const result = await this.#requests.updateOne(
      { _id: hash(token), kind: 'invitation', usedAt: { $exists: false }, expiresAt: { $gt: new Date(this.parts.now()) } },
      { $set: { usedAt: new Date(this.parts.now()) } },
    );
    return result.matchedCount === 1;
  }

  /** Gives an invitation back whose linking did not succeed: the person may try again until it expires. */
  async returnInvitation(token: string): Promise<void> {
    await this.#requests.updateOne({ _id: hash(token), kind: 'invitation' }, { $unset: { usedAt: 1 } });
  }

  /** `boundTo` is a secret of the browser (its session or a cookie): who steals the address Google redirects to can't finish. */
  async beginAuthorization(subject: LinkSubject, boundTo: string, invitationToken?: string): Promise<Authorization> {
    const authorization: Authorization = {
      ...subject,
      state: secret(),
      codeVerifier: secret(),
      nonce: secret(),
      ...(invitationToken === undefined ? {} : { invitationToken }),
    };
    const id = hash(authorization.state);
    const expiresAt = new Date(this.parts.now() + AUTHORIZATION_TTL_MS);
    const { codeVerifier, nonce } = authorization;
    await this.#requests.create({
      _id: id,
      kind: 'authorization',
      ...subject,
      boundTo: hash(boundTo),
      secrets: this.parts.keys.seal(JSON.stringify({ codeVerifier, nonce, invitationToken }), this.#aad(id)),
      expiresAt,
      forgetAt: expiresAt,
    });
    return authorization;
  }

  /** Takes the journey out of the store: a second answer with the same state finds nothing, whatever became of the first. */
  async takeAuthorization(state: string, boundTo: readonly string[]): Promise<AuthorizationReading> {
    const id = hash(state);
    const found = await this.#requests.findOneAndDelete({ _id: id, kind: 'authorization' }).lean<LinkRequestDocument | null>();
    if (found === null || found.secrets === undefined) return { kind: 'unknown' };
    if (found.expiresAt.getTime() <= this.parts.now()) return { kind: 'expired' };
    if (!boundTo.some((one) => hash(one) === found.boundTo)) return { kind: 'other-browser' };
    const secrets = JSON.parse(this.parts.keys.open(found.secrets, this.#aad(id))) as Pick<Authorization, 'codeVerifier' | 'nonce' | 'invitationToken'>;
    return { kind: 'open', authorization: { ...subjectOf(found), state, ...secrets } };
  }

  /** The key to it, for this browser alone; as long as a journey lasts. */
  async offerChoice(choice: CalendarChoice): Promise<string> {
    const key = secret();
    const id = hash(key);
    const { source, userId, confirmedEmail, ...secrets } = choice;
    const expiresAt = new Date(this.parts.now() + AUTHORIZATION_TTL_MS);
    await this.#requests.create({
      _id: id, kind: 'choice', source, userId, ...(confirmedEmail === undefined ? {} : { confirmedEmail }),
      secrets: this.parts.keys.seal(JSON.stringify(secrets), this.#aad(id)), expiresAt, forgetAt: expiresAt,
    });
    return key;
  }

  async readChoice(key: string): Promise<CalendarChoice | undefined> {
    return this.#openChoice(await this.#requests.findOne({ _id: hash(key), kind: 'choice' }).lean<LinkRequestDocument | null>());
  }

  /** For exactly one caller, and only in time. */
  async takeChoice(key: string): Promise<CalendarChoice | undefined> {
    return this.#openChoice(await this.#requests.findOneAndDelete({ _id: hash(key), kind: 'choice' }).lean<LinkRequestDocument | null>());
  }

  #openChoice(found: LinkRequestDocument | null): CalendarChoice | undefined {
    if (found === null || found.secrets === undefined || found.expiresAt.getTime() <= this.parts.now()) return undefined;
    return { ...subjectOf(found), ...(JSON.parse(this.parts.keys.open(found.secrets, this.#aad(found._id))) as Omit<CalendarChoice, keyof LinkSubject>) };
  }

  #aad(id: string): string {
    return JSON.stringify(['link-request', this.parts.installation, id]);
  }
}

function subjectOf(document: LinkRequestDocument): LinkSubject {
  return {
    source: document.source as SourceName,
    userId: document.userId as InventiveId,
    ...(document.confirmedEmail === undefined || document.confirmedEmail === null ? {} : { confirmedEmail: document.confirmedEmail }),
  };
}

const secret = (): string => randomBytes(32).toString('base64url');
const hash = (text: string): string => createHash('sha256').update(text).digest('base64url');
