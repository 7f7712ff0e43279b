import type { Decor, DecorChange, EventColour } from '@calsync/calendar-model';
import type { Base, PlanContext } from './plan-types.js';

export interface DecorWrite {
  /** What goes along with a write that is made anyway. */
  readonly along: DecorChange | undefined;
  /** Whether that is worth a write of its own. */
  readonly alone: boolean;
}

/**
 * Link and colour are ours and nobody's edit. A link that is missing is given once: Google shows it to the creator of an event
 * only, and would be asked for ever. A colour is given where there is none, or our last one, and ours is taken back where none is
 * wanted any more; a person's own choice stays, also the choice of none. Where the event isn't ours to mark (an occurrence, which every write makes an exception) nothing is
 * written for their sake, and no link at all.
 */
export function decorToWrite(base: Base | undefined, { decor, decorFound, marks }: PlanContext): DecorWrite {
  const ours = marks !== undefined;
  const link = ours && decor.link !== undefined && decor.link.url !== decorFound.link?.url && !(decorFound.link === undefined && base?.link === decor.link.url) ? decor.link : undefined;
  const colour = colourDue(decor.colour, decorFound.colour, base?.colour);
  const along = link === undefined && colour === undefined ? undefined : { ...(link === undefined ? {} : { link }), ...(colour === undefined ? {} : { colour }) };
  return { along, alone: ours && ((link !== undefined && decorFound.link === undefined) || colour !== undefined) };
}

/** The same of an event that is to be made: nothing stands there, or nothing is known of what did. */
export function decorToMake({ decor: { link, colour }, marks }: PlanContext): Decor | undefined {
  const made = { ...(link === undefined || marks === undefined ? {} : { link }), ...(colour === undefined ? {} : { colour }) };
  return Object.keys(made).length === 0 ? undefined : made;
}

/** What the base remembers of it: `written` is part of the act that settles. A colour found as wanted counts as ours. */
export function decorAgreed(base: Base | undefined, { decor, decorFound }: PlanContext, written: DecorChange | undefined): Pick<Base, 'colour' | 'link'> {
  const found = decor.colour !== undefined && isSameColour(decor.colour, decorFound.colour) ? decor.colour : base?.colour;
  const colour = written?.colour?.kind === 'none' ? undefined : written?.colour ?? found;
  const link = written?.link?.url ?? base?.link;
  return { ...(colour === undefined ? {} : { colour }), ...(link === undefined ? {} : { link }) };
}

export function withoutColour({ link }: Decor): Decor {
  return link === undefined ? {} : { link };
}

function colourDue(wanted: EventColour | undefined, found: EventColour | undefined, given: EventColour | undefined): DecorChange['colour'] {
  const isOurs = isSameColour(found, given);
  if (wanted === undefined) return isOurs ? { kind: 'none' } : undefined;
  if (isSameColour(found, wanted)) return undefined;
  const isFree = found === undefined ? !isSameColour(given, wanted) : isOurs;
  return isFree ? wanted : undefined;
}

const isSameColour = (a: EventColour | undefined, b: EventColour | undefined): boolean => a !== undefined && b !== undefined && a.kind === b.kind && a.id === b.id;
