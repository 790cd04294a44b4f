// A supervisor to be killed: starts what its arguments name in a state directory, tells where, and idles.
import { register } from 'tsx/esm/api';

register();
const [what, directory, port] = process.argv.slice(2);
const announce = (line) => process.stderr.write(`${line}\n`);
if (what === 'postgres') {
  const { startPostgres } = await import('../../runtime/postgres-server.ts');
  const { pid, url } = await startPostgres({ directory, preferredPort: Number(port), announce });
  process.send({ pid, url });
} else {
  const { findTemporalBinary } = await import('../../runtime/temporal-binary.ts');
  const { startTemporal } = await import('../../runtime/temporal-server.ts');
  const { path } = await findTemporalBinary({ environment: process.env, announce });
  const { pid, address } = await startTemporal({
    directory,
    binary: path,
    preferredPort: Number(port),
    announce,
  });
  process.send({ pid, url: address });
}
setInterval(() => undefined, 60_000);
