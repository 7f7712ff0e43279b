import { escapeUTF8 } from 'entities';
import type { FastifyReply } from 'fastify';
import type { Language } from '../problems/problem.js';
import { LINK_TEXTS, PAGE_TEXTS } from './link-texts.js';
import type { LinkResultCode } from './link-journey.js';

interface Page {
  readonly language: Language;
  readonly status: number;
  readonly paragraph: string;
  readonly good?: true;
  /** Where the form's answer sends the browser on; browsers check redirects of a form too. */
  readonly form?: { readonly action: string; readonly leadsTo: string };
}

/** The page for somebody who has no account in the console: one sentence and perhaps one button. No script. */
export function sendLinkPage(reply: FastifyReply, page: Page): void {
  const title = PAGE_TEXTS.title[page.language];
  const button = page.form === undefined ? '' : `<form method="post" action="${escapeUTF8(page.form.action)}"><button type="submit">${PAGE_TEXTS.button[page.language]}</button></form>`;
  void reply
    .status(page.status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    // The address holds the personal token.
    .header('referrer-policy', 'no-referrer')
    .header('content-security-policy', `default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'${page.form === undefined ? '' : ` ${page.form.leadsTo}`}`)
    .send(`<!doctype html>
<html lang="${page.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<link rel="icon" href="/assets/icon.svg"><link rel="stylesheet" href="/assets/link-page.css"></head>
<body><main><h1>${title}</h1><p${page.good === undefined ? '' : ' class="good"'}>${escapeUTF8(page.paragraph)}</p>${button}</main></body></html>`);
}

export function sendLinkResult(reply: FastifyReply, language: Language, code: LinkResultCode, values: Readonly<Record<string, string>>): void {
  const good = code === 'linked' || code === 'resumed';
  sendLinkPage(reply, { language, status: good ? 200 : 400, paragraph: fillText(LINK_TEXTS[code][language], values), ...(good ? { good } : {}) });
}

export const fillText = (text: string, values: Readonly<Record<string, string>>): string => text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
