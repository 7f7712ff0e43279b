import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { javaProgram, kafkaJars } from './kafka-jars.js';

describe('what stands between a newcomer and Kafka is told in one line', () => {
  let folder: string;
  const program = async (name: string, script: string) => {
    const file = join(folder, 'bin', name);
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kafka-jars-'));
    await mkdir(join(folder, 'bin'));
    await symlink('/bin/sh', join(folder, 'bin', 'sh'));
    await symlink('/bin/mkdir', join(folder, 'bin', 'mkdir'));
    vi.stubEnv('PATH', join(folder, 'bin'));
    vi.stubEnv('JAVA_HOME', '');
    vi.stubEnv('CALSYNC_CACHE_DIR', join(folder, 'cache'));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });

  it('absent or old Java', async () => {
    await expect(javaProgram()).rejects.toThrow(/^Java is absent: Kafka needs Java 17 or newer\. Install it .* or set KAFKA_BROKERS/);
    await program('java', 'echo \'openjdk version "11.0.2"\' >&2');
    await expect(javaProgram()).rejects.toThrow(/^Java 11 is too old: Kafka needs Java 17/);
  });

  it('absent Maven', async () => {
    await expect(kafkaJars()).rejects.toThrow(/^Maven is absent: it fetches Kafka, once\./);
  });

  it("a download that failed, with Maven's own reason", async () => {
    await program('mvn', String.raw`printf '[\033[1;31mERROR\033[m] Failed to execute goal: Connection refused.\n[\033[1;31mERROR\033[m] advice\n'; exit 1`);
    await expect(kafkaJars()).rejects.toThrow(/^Kafka could not be downloaded: Failed to execute goal: Connection refused\. Check the network/);
  });

  it('a download that is not what was pinned, and it leaves nothing behind', async () => {
    await program('mvn', 'mkdir lib && : > lib/HdrHistogram-2.2.2.jar');
    await expect(kafkaJars()).rejects.toThrow(/^The download of Kafka is broken: HdrHistogram-2\.2\.2\.jar is not the pinned file\./);
    expect(await readdir(join(folder, 'cache', 'kafka'))).toEqual([]);
  });
});
