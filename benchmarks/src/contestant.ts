import { spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { BenchmarkError } from './errors.js';
import { decodeReply, type Ready, type Reply, type Request, type Stepped } from './protocol.js';

/** A process to measure, and how it is started. */
export interface Launch {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A process that waits for the word to take a step. */
export interface Contestant {
  readonly name: string;
  readonly ready: Ready;
  /** Asks for one step. */
  step(request?: Request): Promise<Stepped>;
  /** Ends the process. */
  stop(): Promise<void>;
}

/** Longest wait for one answer: graph compilers take minutes over the first step. */
const PATIENCE_MS = 20 * 60_000;
/** Lines of the process's errors that are told when it dies. */
const LAST_WORDS = 3;

/**
 * Starts a process and waits until it has loaded weights and batch.
 *
 * @throws {BenchmarkError} when it fails or dies.
 */
export async function startContestant(launch: Launch): Promise<Contestant> {
  const { name, command, args, env } = launch;
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const lastWords: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.trim() === '') return;
    lastWords.push(line.trim());
    if (lastWords.length > LAST_WORDS) lastWords.shift();
  });

  let waiting: { resolve(reply: Reply): void; reject(error: Error): void } | undefined;
  let end: Error | undefined;
  const gone = (why: string) => {
    end ??= new BenchmarkError(`${name} ${why}: ${lastWords.join(' | ') || 'it said nothing'}`);
    waiting?.reject(end);
  };
  child.on('error', (error) => gone(`could not be started (${error.message})`));
  child.on('close', (code, signal) => gone(`ended with ${signal ?? `code ${code}`}`));
  child.stdin.on('error', () => undefined); // told by 'close'
  createInterface({ input: child.stdout }).on('line', (line) => {
    const reply = decodeReply(line);
    if (reply) waiting?.resolve(reply);
  });

  const ask = async (request?: Request): Promise<Reply> => {
    if (end) throw end;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Reply>((resolve, reject) => {
        waiting = { resolve, reject };
        timer = setTimeout(() => {
          child.kill('SIGKILL');
          reject(new BenchmarkError(`${name} gave no answer for ${PATIENCE_MS / 60_000} minutes`));
        }, PATIENCE_MS);
        if (request) child.stdin.write(`${request}\n`);
      });
    } finally {
      clearTimeout(timer);
      waiting = undefined;
    }
  };
  const expect = async <K extends Reply['kind']>(kind: K, request?: Request) => {
    const reply = await ask(request);
    if (reply.kind === kind) return reply as Extract<Reply, { kind: K }>; // just compared
    throw new BenchmarkError(reply.kind === 'error' ? reply.message : `unexpected ${reply.kind}`);
  };

  const stop = async () => {
    child.stdin.end();
    if (end) return;
    const closed = new Promise((resolve) => child.on('close', resolve));
    const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await closed;
    clearTimeout(timer);
  };
  try {
    const ready = await expect('ready');
    return { name, ready, step: (request = 'step') => expect('step', request), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
