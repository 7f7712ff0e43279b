/** The answer of somebody who agrees to everything as `email`: where to go or what to post. */
export type ConsentStep = { readonly kind: 'post'; readonly action: string; readonly fields: URLSearchParams } | { readonly kind: 'follow'; readonly href: string };

/**
 * Reads a consent page as a person would: pick the account in the chooser, leave every scope
 * ticked, press the button that allows. Undefined when the page asks nothing.
 */
export function agree(html: string, email: string): ConsentStep | undefined {
  const form = /<form\b([^>]*)>([\s\S]*?)<\/form>/i.exec(html);
  if (form === null) {
    const link = [...html.matchAll(/<a\b[^>]*href="([^"]*)"[^>]*>/gi)].map((match) => decode(match[1] ?? '')).find((href) => decodeURIComponent(href).includes(email));
    return link === undefined ? undefined : { kind: 'follow', href: link };
  }
  const fields = new URLSearchParams();
  const inside = form[2] ?? '';
  for (const tag of inside.matchAll(/<input\b[^>]*>/gi)) {
    const { type = 'text', name, value = '' } = attributesOf(tag[0]);
    if (name === undefined || 'disabled' in attributesOf(tag[0])) continue;
    if (type === 'hidden' || type === 'checkbox') fields.append(name, value || 'on');
    if (type === 'radio' && value === email) fields.set(name, value);
    if ((type === 'text' || type === 'email') && /mail|login|account/i.test(name)) fields.set(name, email);
  }
  for (const select of inside.matchAll(/<select\b([^>]*)>([\s\S]*?)<\/select>/gi)) {
    const { name } = attributesOf(select[1] ?? '');
    const options = [...(select[2] ?? '').matchAll(/<option\b([^>]*)>/gi)].map((option) => attributesOf(option[1] ?? '').value ?? '');
    const chosen = options.find((value) => value === email) ?? options[0];
    if (name !== undefined && chosen !== undefined) fields.set(name, chosen);
  }
  const buttons = [...inside.matchAll(/<button\b([^>]*)>/gi)].map((button) => attributesOf(button[1] ?? '')).filter((button) => button.name !== undefined);
  const pressed = buttons.find((button) => button.value === email) ?? buttons.find((button) => !/deny|cancel|weiger|annuleer/i.test(button.value ?? '')) ?? undefined;
  if (pressed?.name !== undefined) fields.set(pressed.name, pressed.value ?? '');
  return { kind: 'post', action: attributesOf(form[1] ?? '').action ?? '', fields };
}

function attributesOf(tag: string): Record<string, string | undefined> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', quoted, bare] of tag.matchAll(/([a-z-]+)(?:="([^"]*)"|=([^\s>"]+))?/gi)) attributes[name.toLowerCase()] = decode(quoted ?? bare ?? '');
  return attributes;
}

function decode(text: string): string {
  return text.replace(/&(amp|quot|lt|gt|#39|#x27);/g, (_, name: string) => ({ amp: '&', quot: '"', lt: '<', gt: '>' })[name] ?? "'");
}
