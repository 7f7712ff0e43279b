import { createConnection } from 'mongoose';
import type { Product } from './product.js';

/** What an accident does to the product's database. */
export async function inMongo<T>(product: Product, act: (db: NonNullable<ReturnType<typeof createConnection>['db']>) => Promise<T>): Promise<T> {
  const connection = await createConnection(product.mongo.uri, { dbName: product.mongo.database }).asPromise();
  try {
    if (connection.db === undefined) throw new Error('MongoDB is not connected');
    return await act(connection.db);
  } finally {
    await connection.close();
  }
}
