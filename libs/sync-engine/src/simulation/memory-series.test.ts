import { describeSeriesStore } from '../testing/series-store-contract.js';
import { createMemorySeries } from './memory-series.js';

describeSeriesStore('in memory', async () => createMemorySeries(() => Date.now()));
