export const about = {
  lead: 'Several clinicians grade scans blind to one another; the labels train a network on the same machine.',
  version: 'Concord',
  electron: 'Electron',
  chrome: 'Chromium',
  node: 'Node',
  platform: 'System',
  dataFolder: 'Data lie in',
  privacyTitle: 'Where things stay',
  privacy: 'Nothing leaves this machine unless you export it. Exports carry pseudonyms, not names.',
}
