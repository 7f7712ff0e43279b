import { describePairStore } from '../testing/pair-store-contract.js';
import { createMemoryPairs } from './memory-stores.js';

const store = createMemoryPairs(() => Date.now());
describePairStore('the model of the pair store', async () => store);
