import { escapeUTF8 } from 'entities';
import { convert, type HtmlToTextOptions } from 'html-to-text';

/** Far above what Google keeps (8192): nobody's description, but a bound on the work that one event can cause. */
const MAX_INPUT = 65_536;

const ELEMENTS =
  'a|abbr|address|article|aside|audio|b|big|blockquote|body|br|button|caption|center|cite|code|col|colgroup|dd|del|details|div|dl|dt|em|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|html-blob|i|iframe|img|input|ins|kbd|label|li|link|main|mark|meta|nav|noscript|ol|p|path|picture|pre|q|s|samp|script|section|small|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|tfoot|th|thead|title|tr|tt|u|ul|var|video|wbr|(?:o|v|w|m|st1):[a-z]+';
const TAG = new RegExp(`</?(?:${ELEMENTS})(?:\\s[^<>]*)?/?>`, 'i');
const ENTITY = /&(?:[a-z][a-z0-9]{1,31}|#\d{1,7}|#x[0-9a-f]{1,6});/i;
/** They shape nothing that text can show; without them nesting stays shallow. */
const INLINE = /<\/?(?:abbr|b|big|cite|code|em|font|html-blob|i|kbd|mark|q|s|samp|small|span|strike|strong|sub|sup|tt|u|var|ins|del|(?:o|v|w|m|st1):[a-z]+)(?:\s[^<>]*)?\/?>/gi;
/** One empty line, whichever way an editor writes it: a line of its own, or the space between two paragraphs. */
const EMPTY_DIV = /<div(?:\s[^<>]*)?>(?:\s|&nbsp;)*<br\s*\/?>(?:\s|&nbsp;)*<\/div>/gi;
const EMPTY_P = /<p(?:\s[^<>]*)?>(?:\s|&nbsp;|<br\s*\/?>)*<\/p>/gi;
const NOT_A_TAG = new RegExp(`<(?!/?(?:${ELEMENTS})(?:\\s[^<>]*)?/?>|!--)`, 'gi');

const OPTIONS: HtmlToTextOptions = {
  wordwrap: false,
  // Both: indents and double blanks are a person's, and Google keeps plain line ends inside its HTML.
  whitespaceCharacters: '',
  preserveNewlines: true,
  limits: { maxDepth: 200 },
  selectors: [
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['[', ']'], pathRewrite: unwrapRedirect } },
    { selector: 'img', format: 'skip' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
};

/** Whether Google shows this as HTML. Angle brackets around an address are not a tag. */
export const looksLikeHtml = (text: string): boolean => TAG.test(text) || ENTITY.test(text);

/** What a reader of the description sees. Plain text comes back as it is. */
export function textOf(raw: string): string {
  const capped = raw.slice(0, MAX_INPUT).replace(/\r\n?/g, '\n');
  if (!looksLikeHtml(capped)) return capped;
  const shallow = capped
    .replace(INLINE, '')
    .replace(NOT_A_TAG, '&lt;')
    .replace(EMPTY_DIV, '<div>&nbsp;</div>')
    .replace(EMPTY_P, '')
    .replace(/<\/t[dh]>/gi, '\t$&')
    .replace(/<\/tr>/gi, '<br>$&');
  // Cells and empty lines leave blanks at the end of a line, which nobody typed.
  return convert(shallow, OPTIONS).replace(/\u00A0/g, ' ').split('\n').map((line) => line.trimEnd()).join('\n');
}

/** Text stays text in Google where it can; where Google would take it for HTML it is written so that the same characters show. */
export function rawOf(text: string): string {
  return looksLikeHtml(text) ? htmlOf(text) : text;
}

export const htmlOf = (text: string): string => escapeUTF8(text).replace(/\n/g, '<br>');

/** Google's editors send links through google.com/url?q=…: the person typed the target. */
function unwrapRedirect(href: string): string {
  const query = /^https?:\/\/www\.google\.[a-z.]+\/url\?(.*)$/i.exec(href)?.[1];
  return (query !== undefined && new URLSearchParams(query).get('q')) || href;
}
