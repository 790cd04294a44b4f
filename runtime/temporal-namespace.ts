/** What a namespace of ours must have: our search attributes, and closed runs kept long enough to be read. */
import { Connection } from '@temporalio/client';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes.js';
import { msToTs, optionalTsToMs } from '@temporalio/common/lib/time.js';
import { searchAttributeTypes } from '../contracts/search-attributes.js';

const dayMs = 86_400_000;

const indexedTypes = { Keyword: 'KEYWORD', Datetime: 'DATETIME', Int: 'INT' } as const;

/** Sets how long the server at `address` keeps a namespace's closed runs; its own default is one day. */
export async function keepClosedRunsFor(address: string, namespace: string, days: number): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: 5_000 });
  try {
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    if (optionalTsToMs(config?.workflowExecutionRetentionTtl) === days * dayMs) return;
    await connection.workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: msToTs(days * dayMs) },
    });
  } finally {
    await connection.close();
  }
}

/**
 * Registers the search attributes that a namespace lacks.
 *
 * @returns the names that were added; the server takes some seconds to accept them in a start.
 * @throws the service's own error where the caller may not register any: an administrator has to.
 */
export async function registerSearchAttributes(
  connection: Pick<Connection, 'operatorService'>,
  namespace: string,
): Promise<string[]> {
  const known = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.entries(searchAttributeTypes).filter(
    ([name]) => known.customAttributes[name] === undefined,
  );
  if (missing.length === 0) return [];
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(
      missing.map(([name, type]) => [name, encodeSearchAttributeIndexedValueType(indexedTypes[type])!]),
    ),
  });
  return missing.map(([name]) => name);
}
