import { escapeUTF8 } from 'entities';
import type { FastifyReply } from 'fastify';
import type { CalendarChoice } from '@calsync/accounts';
import type { Language } from '../problems/problem.js';
import { LINK_TEXTS, PAGE_TEXTS } from './link-texts.js';
import type { LinkResultCode } from './link-journey.js';

interface Page {
  readonly language: Language;
  readonly status: number;
  readonly paragraph: string;
  readonly good?: true;
  readonly form?: {
    readonly action: string;
    readonly button: string;
    /** Where the form's answer sends the browser on; browsers check redirects of a form too. */
    readonly leadsTo?: string;
    /** One of these is chosen; the first unless the person chooses another. */
    readonly choices?: readonly { readonly id: string; readonly name: string; readonly hint: string }[];
  };
}

export const CHOICE_PATH = '/google/agenda';

/** The page for somebody who has no account in the console: one sentence and perhaps a choice and one button. No script. */
export function sendLinkPage(reply: FastifyReply, page: Page): void {
  const title = PAGE_TEXTS.title[page.language];
  const { form } = page;
  const choices = (form?.choices ?? []).map(({ id, name, hint }, at) =>
    `<label><input type="radio" name="calendar" value="${escapeUTF8(id)}"${at === 0 ? ' checked' : ''}> <span>${escapeUTF8(name)}</span> <small>${escapeUTF8(hint)}</small></label>`);
  const fields = choices.length === 0 ? '' : `<fieldset><legend>${PAGE_TEXTS.calendars[page.language]}</legend>${choices.join('')}</fieldset>`;
  const button = form === undefined ? '' : `<form method="post" action="${escapeUTF8(form.action)}">${fields}<button type="submit">${form.button}</button></form>`;
  void reply
    .status(page.status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    // The address holds the personal token.
    .header('referrer-policy', 'no-referrer')
    .header('content-security-policy', `default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'${form?.leadsTo === undefined ? '' : ` ${form.leadsTo}`}`)
    .send(`<!doctype html>
<html lang="${page.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<link rel="icon" href="/assets/icon.svg"><link rel="stylesheet" href="/assets/link-page.css"></head>
<body><main><h1>${title}</h1><p${page.good === undefined ? '' : ' class="good"'}>${escapeUTF8(page.paragraph)}</p>${button}</main></body></html>`);
}

/** Which of the person's calendars it is to be. Nothing of what Google gave stands in it: that waits in the console. */
export function sendCalendarChoice(reply: FastifyReply, language: Language, status: number, choice: CalendarChoice): void {
  const text = choice.formerIsGone === true ? PAGE_TEXTS.formerIsGone : PAGE_TEXTS.choose;
  sendLinkPage(reply, {
    language, status, paragraph: fillText(text[language], { email: choice.identity.email }),
    form: {
      action: CHOICE_PATH, button: PAGE_TEXTS.chooseButton[language],
      choices: choice.calendars.map(({ id, name, primary }) => ({ id, name, hint: primary ? PAGE_TEXTS.primary[language] : '' })),
    },
  });
}

export function sendLinkResult(reply: FastifyReply, language: Language, code: LinkResultCode, values: Readonly<Record<string, string>>): void {
  const good = code === 'linked' || code === 'resumed';
  sendLinkPage(reply, { language, status: good ? 200 : 400, paragraph: fillText(LINK_TEXTS[code][language], values), ...(good ? { good } : {}) });
}

export const fillText = (text: string, values: Readonly<Record<string, string>>): string => text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
