import { type ApiReply, isMap, type Read, RemoteProblem } from '#backend';

/** More pages than any workspace has. */
const mostPages = 10_000;

/**
 * The resources of a list, from its first page to its last, each once: links are followed as they are. Nothing where
 * there is no such list.
 */
export async function pagesOf(read: Read, first: string): Promise<readonly unknown[] | undefined> {
  const resources: unknown[] = [];
  const asked = new Set<string>();
  for (let url: string | undefined = first; url !== undefined; ) {
    if (asked.has(url) || asked.size >= mostPages)
      throw new RemoteProblem(
        'publish/paging',
        'The pages of a list come back to one that was read before, or have no end.',
        'Try again later; if it stays so, something between here and Azure is broken.',
      );
    asked.add(url);
    const reply = await read({ method: 'GET', url, pace: 'reads' });
    if (reply.status === 404 && asked.size === 1) return undefined;
    const { value, next } = pageIn(reply);
    resources.push(...value);
    url = next;
  }
  return eachOnce(resources);
}

function pageIn({ json }: ApiReply): {
  readonly value: readonly unknown[];
  readonly next: string | undefined;
} {
  const { value, nextLink } = isMap(json) ? json : {};
  if (!Array.isArray(value))
    throw new RemoteProblem(
      'publish/unreadable-reply',
      'Microsoft Sentinel answers with what is no page of a list.',
    );
  return { value, next: typeof nextLink === 'string' && nextLink !== '' ? nextLink : undefined };
}

/** While things change a page may show again what another one has shown. */
function eachOnce(resources: readonly unknown[]): readonly unknown[] {
  const byName = new Map<unknown, unknown>();
  for (const one of resources) {
    const name = isMap(one) ? one['name'] : undefined;
    byName.set(typeof name === 'string' ? name.toLowerCase() : one, one);
  }
  return [...byName.values()];
}
