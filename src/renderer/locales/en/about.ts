export const about = {
  lead: 'Several clinicians grade scans blind to one another; the labels train a network on the same machine.',
  trial:
    'This build is for trials only: its Electron is not the one that its makers publish. Do not give it to anybody, and read no study with it.',
  version: 'Concord',
  electron: 'Electron',
  chrome: 'Chromium',
  node: 'Node',
  platform: 'System',
  dataFolder: 'Data lie in',
  privacyTitle: 'Where things stay',
  privacy: 'Nothing leaves this machine unless you export it. Exports carry pseudonyms, not names.',
}
