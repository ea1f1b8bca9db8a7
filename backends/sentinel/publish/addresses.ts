/** Where a workspace lies, and in which version it is spoken to. */
export interface Place {
  /** The origin of Azure Resource Manager. */
  readonly arm: string;
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly workspace: string;
  readonly apiVersion: string;
}

/** Addresses of what Microsoft Sentinel keeps in a workspace. */
export interface Addresses {
  readonly rules: string;
  rule(id: string): string;
  readonly lists: string;
  list(alias: string): string;
  items(alias: string): string;
  item(alias: string, id: string): string;
}

/** The addresses of a workspace. */
export function addressesOf(place: Place): Addresses {
  const { arm, subscription, resourceGroup, workspace, apiVersion } = place;
  const way = [
    ...['subscriptions', subscription, 'resourceGroups', resourceGroup],
    ...['providers', 'Microsoft.OperationalInsights', 'workspaces', workspace],
    ...['providers', 'Microsoft.SecurityInsights'],
  ];
  const at = (...parts: readonly string[]): string =>
    `${arm}/${[...way, ...parts].map(segment).join('/')}?api-version=${encodeURIComponent(apiVersion)}`;
  return {
    rules: at('alertRules'),
    rule: (id) => at('alertRules', id),
    lists: at('watchlists'),
    list: (alias) => at('watchlists', alias),
    items: (alias) => at('watchlists', alias, 'watchlistItems'),
    item: (alias, id) => at('watchlists', alias, 'watchlistItems', id),
  };
}

/** A part of a path; what stands for an id that the service has yet to choose stays as it is. */
function segment(text: string): string {
  return text === '{id}' ? text : encodeURIComponent(text);
}
