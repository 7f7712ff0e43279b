import { Schema, type Connection, type Model } from 'mongoose';
import { hashPassword, randomPassword, verifyPassword } from './password.js';
import { STORED } from '../stored-documents.js';

export const LOCAL_ADMINISTRATOR = 'beheer';

interface AdministratorDocument {
  readonly _id: string;
  readonly passwordHash: string;
  readonly createdAt: Date;
}

const documentSchema = new Schema<AdministratorDocument>(
  { _id: { type: String, required: true }, passwordHash: { type: String, required: true }, createdAt: { type: Date, required: true } },
  { ...STORED, collection: 'administrators' },
);

/** Who may log in to the console. */
export class Administrators {
  readonly #administrators: Model<AdministratorDocument>;
  /** Compared with where the name is unknown, so that both answers take as long. */
  readonly #nobody = hashPassword(randomPassword());

  constructor(connection: Connection) {
    this.#administrators = modelOf(connection);
  }

  /**
   * Makes the local administrator at the first start. `print` gets a random password in that case, once; nothing keeps it.
   * A password from the settings always applies, also later: it is the way back in for who lost the printed one, and the way to
   * lock out who knows it. True where it replaced another: sessions opened with that must end.
   */
  async ensureLocal(fromSettings: string | undefined, print: (password: string) => void): Promise<boolean> {
    const known = await this.#administrators.findById(LOCAL_ADMINISTRATOR).lean<AdministratorDocument | null>();
    if (known !== null) {
      if (fromSettings === undefined || (await verifyPassword(fromSettings, known.passwordHash))) return false;
      await this.#administrators.updateOne({ _id: LOCAL_ADMINISTRATOR }, { $set: { passwordHash: await hashPassword(fromSettings) } });
      return true;
    }
    const password = fromSettings ?? randomPassword();
    const made = await this.#administrators.updateOne(
      { _id: LOCAL_ADMINISTRATOR },
      { $setOnInsert: { passwordHash: await hashPassword(password), createdAt: new Date() } },
      { upsert: true },
    );
    // Of two replicas that start together only the one whose password stands prints it.
    if (made.upsertedCount === 1 && fromSettings === undefined) print(password);
    return false;
  }

  async verify(username: string, password: string): Promise<boolean> {
    const known = await this.#administrators.findById(username).lean<AdministratorDocument | null>();
    const matches = await verifyPassword(password, known?.passwordHash ?? (await this.#nobody));
    return matches && known !== null;
  }
}

function modelOf(connection: Connection): Model<AdministratorDocument> {
  return (connection.models['Administrator'] as Model<AdministratorDocument> | undefined) ?? connection.model<AdministratorDocument>('Administrator', documentSchema);
}
