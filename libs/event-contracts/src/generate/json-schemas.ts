import { z } from 'zod';
import { MESSAGES, type MessageType } from '../messages.js';

export type JsonSchema = { readonly [key: string]: unknown };

export const schemaFileOf = (type: MessageType): string => `${type}.json`;
const TYPES = Object.keys(MESSAGES) as MessageType[];

/**
 * A file per message type: JSON Schema, draft 2020-12, of the message's data. The input form: it allows properties
 * that it doesn't name, so that a field added later doesn't break a subscriber that validates.
 */
export function jsonSchemas(): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(TYPES.map((type) => [schemaFileOf(type), schemaOf(type, 'draft-2020-12')]));
}

export function schemaOf(type: MessageType, target: 'draft-2020-12' | 'draft-7'): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(MESSAGES[type].schema, { io: 'input', target }) as { $schema?: string };
  return target === 'draft-7' ? schema : { $schema, $id: `urn:inventive-calendar-sync:${type}`, title: type, ...schema };
}
