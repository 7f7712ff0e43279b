import { describePairStore } from '../testing/pair-store-contract.js';
import { describeJoiningStores } from '../testing/unpaired-store-contract.js';
import { createMemoryJoinings, createMemoryPairs, createMemoryUnpaired } from './memory-stores.js';

const store = createMemoryPairs(() => Date.now());
describePairStore('the model of the pair store', async () => store);

const [unpaired, joining] = [createMemoryUnpaired(), createMemoryJoinings()];
describeJoiningStores('the models of the joining stores', async () => ({ unpaired, joining }));
