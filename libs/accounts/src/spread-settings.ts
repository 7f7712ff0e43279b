import type { InventiveId, SourceName } from '@calsync/calendar-model';
import { accountsModel, type AccountDocument } from './accounts.js';
import { administrationsModel, type AdministrationDocument } from './administration-settings.js';
import { affectedBy, type AdministrationParts } from './change-administration.js';
import { announcement } from './link-account.js';

/** So many accounts are looked at in a turn. */
const LOOKED_AT = 500;
/** So many accounts join at once because of settings; others' work, and everybody's live changes, go on beside it. */
const MOST_JOINING = 40;

/**
 * One step of what a changed administration means for those who are linked already: some of the accounts that were not taken up
 * since are put in `joining`, with the message to the services, so that what stands still is planned anew; the rest follow in later
 * turns. Each account is marked in the same update: after a crash, or with two consoles at it, none is taken twice. Accounts that
 * wait for a person or are off are marked only: going on compares them in any case. Answers how many began to join.
 */
export async function spreadSettings(parts: AdministrationParts): Promise<number> {
  const waiting = await administrationsModel(parts.connection).find({ 'spreading.since': { $exists: true } }).sort({ 'spreading.since': 1 }).lean<AdministrationDocument[]>();
  let begun = 0;
  for (const document of waiting) begun += await spread(parts, document);
  return begun;
}

/** How many accounts still have to be looked at for a changed administration; 0 where all are under way. */
export async function spreadingAhead(parts: Pick<AdministrationParts, 'connection' | 'installation'>, document: AdministrationDocument): Promise<number> {
  return document.spreading === undefined ? 0 : accountsModel(parts.connection).countDocuments(notTaken(parts, document));
}

async function spread(parts: AdministrationParts, document: AdministrationDocument): Promise<number> {
  const accounts = accountsModel(parts.connection);
  const { source, administrationId, generation, spreading } = document;
  const mark = { [`taken.${administrationId}`]: generation };
  const ahead = notTaken(parts, document);
  const batch = await accounts.find(ahead).sort({ _id: 1 }).limit(LOOKED_AT).lean<AccountDocument[]>();
  if (batch.length === 0) {
    // Changed again meanwhile, it goes on.
    await administrationsModel(parts.connection).updateOne({ _id: document._id, generation }, { $unset: { spreading: 1 } });
    return 0;
  }
  const isAffected = await affectedBy(parts, source as SourceName, administrationId as InventiveId, spreading?.keys ?? [], batch);
  const joins = batch.filter((account) => isAffected(account) && ACTIVE.includes(account.state));
  const others = batch.filter((account) => !joins.includes(account)).map(({ _id }) => _id);
  await accounts.updateMany({ ...ahead, _id: { $in: others } }, { $set: mark });

  const joining = await accounts.countDocuments({ installation: parts.installation, linked: true, state: 'joining' });
  // One at least: where accounts can't finish their joining the others don't wait for them for ever.
  const allowed = joins.slice(0, Math.max(1, MOST_JOINING - joining));
  let begun = 0;
  for (const { _id } of allowed) {
    const { modifiedCount } = await accounts.updateOne(
      { ...ahead, _id, state: { $in: [...ACTIVE] } },
      {
        $set: { state: 'joining', ...mark },
        $unset: { stateReason: 1 },
        $inc: { revision: 1 },
        $push: { announcements: announcement('nl.inventive.sync.resync.requested.v1') },
      },
    );
    begun += modifiedCount;
  }
  return begun;
}

const ACTIVE: readonly AccountDocument['state'][] = ['live', 'joining'];

const notTaken = ({ installation }: Pick<AdministrationParts, 'installation'>, { source, administrationId, generation }: AdministrationDocument) => ({
  installation, source, linked: true, [`taken.${administrationId}`]: { $not: { $gte: generation } },
});
