import { describe, expect, it } from 'vitest';
import { PROBLEMS } from './problem-texts.js';
import { languageOf, Problem, renderProblem } from './problem.js';

describe('the language of an answer', () => {
  it.each([
    [undefined, 'nl'], ['', 'nl'], ['*', 'nl'], ['fr-FR,fr', 'nl'], ['nl-NL,nl;q=0.9,en;q=0.8', 'nl'], ['en-GB,en;q=0.9,nl;q=0.8', 'en'], ['de,en;q=0.3', 'en'], ['en;q=0.2,nl;q=0.7', 'nl'], ['en;q=0', 'nl'],
  ])('for %j is %s', (header, language) => expect(languageOf(header)).toBe(language));
});

describe('a problem', () => {
  it('has every member of RFC 9457, with its values filled in', () => {
    expect(renderProblem(new Problem('inventive-unreachable', { source: 'demo' }), 'nl')).toEqual({
      status: 503,
      body: {
        type: 'urn:calsync:problem:inventive-unreachable', title: 'Inventive niet bereikbaar', status: 503, code: 'inventive-unreachable',
        detail: 'Inventive-server demo antwoordt niet. Controleer of hij draait en probeer het opnieuw.',
      },
    });
  });

  it('fills in the same values in both languages', () => {
    const values = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();
    for (const { nl, en } of Object.values(PROBLEMS)) expect(values(en.detail)).toEqual(values(nl.detail));
  });
});
