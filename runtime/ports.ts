/** Choice of a free port on the loopback interface. */
import { createConnection, createServer } from 'node:net';
import type { Announce } from './announce.js';

const loopback = '127.0.0.1';

/** Whether nothing listens on the port: neither can it be reached, nor is it refused to us. */
export async function isPortFree(port: number): Promise<boolean> {
  // Some systems let a loopback listener share a port with one on every address, so asking to listen is
  // not enough there; and a port in use by a server that does not answer cannot be seen by connecting.
  return (await canListen(port)) && !(await canConnect(port));
}

/**
 * The first free port from `preferred` on, and a word about it when that is another one.
 *
 * @throws RangeError when a hundred ports in a row are taken.
 */
export async function choosePort(
  preferred: number,
  purpose: string,
  announce: Announce,
  taken: ReadonlySet<number> = new Set(),
): Promise<number> {
  for (let port = preferred; port < preferred + 100 && port < 65_536; port += 1) {
    if (taken.has(port) || !(await isPortFree(port))) continue;
    if (port !== preferred) announce(`Port ${preferred} is taken; ${purpose} uses ${port}.`);
    return port;
  }
  throw new RangeError(`No free port for ${purpose} from ${preferred} to ${preferred + 99}`);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: loopback, exclusive: true }, () => {
      server.close(() => resolve(true));
    });
  });
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: loopback });
    const finish = (reached: boolean): void => {
      socket.destroy();
      resolve(reached);
    };
    socket.setTimeout(1_000, () => finish(false));
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}
