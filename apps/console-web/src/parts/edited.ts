/**
 * What a person changed in a form, laid over what stands by now: of what they left alone somebody else may have saved
 * another value since the form was opened.
 */
export function over<Draft extends object>(standing: Draft, { opened, filled }: { readonly opened: Draft; readonly filled: Draft }): Draft {
  const touched = (Object.keys(filled) as (keyof Draft)[]).filter((key) => JSON.stringify(filled[key]) !== JSON.stringify(opened[key]));
  return { ...standing, ...Object.fromEntries(touched.map((key) => [key, filled[key]])) };
}
