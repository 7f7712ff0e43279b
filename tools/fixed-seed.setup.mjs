/**
 * Every property test draws the same cases on every run, so that a rare counterexample never fails somebody else's change.
 * A hunt for more sets SIMULATION_SEED.
 */
import { configureGlobal } from 'fast-check';

configureGlobal({ seed: Number(process.env.SIMULATION_SEED ?? 1) });
