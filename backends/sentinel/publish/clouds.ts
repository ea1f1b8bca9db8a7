/** An instance of Azure, apart from the others. */
export interface Cloud {
  /** The origin of Azure Resource Manager. */
  readonly arm: string;
  /** Where Microsoft Entra ID gives tokens. */
  readonly authority: string;
}

/** "National clouds" (Microsoft Entra) and "Azure Resource Manager endpoints": the instances that have Microsoft Sentinel. */
export const clouds: Readonly<Record<CloudName, Cloud>> = {
  public: {
    arm: 'https://management.azure.com',
    authority: 'https://login.microsoftonline.com',
  },
  usgov: {
    arm: 'https://management.usgovcloudapi.net',
    authority: 'https://login.microsoftonline.us',
  },
  china: {
    arm: 'https://management.chinacloudapi.cn',
    authority: 'https://login.partner.microsoftonline.cn',
  },
};

/** Names an instance. */
export type CloudName = 'public' | 'usgov' | 'china';
