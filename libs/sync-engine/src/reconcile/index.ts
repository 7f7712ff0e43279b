export { AccountBrake, type Brake, type BrakeLedger } from './brake.js';
export type { Vendors } from './execute-act.js';
export type { GoogleSide, GoogleVersion, Intent, InventiveSide, LostValue, Pair, PairStatus, Side, SideName } from './pair.js';
export { JoinAccounts, type JoinAccountParts, type JoinEvent } from './join-account.js';
export type { Joining, JoiningStore, PairChanges, PairStore, Priority, UnpairedItem, UnpairedStore, WaitingItem } from './ports.js';
export { TakeIn, type TakenIn, type TakeInParts } from './take-in.js';
export { tellOutcomes } from './tell-outcomes.js';
export { WorkPair, type ReconcileStep, type WorkPairParts } from './work-pair.js';
export { WorkerPool, type WorkerEvent, type WorkerPoolParts } from './worker-pool.js';
