import { describeComparisonStore } from '../testing/comparison-store-contract.js';
import { createMemoryComparisons } from './memory-comparisons.js';

describeComparisonStore('comparisons in memory', async (kept) => createMemoryComparisons(kept));
