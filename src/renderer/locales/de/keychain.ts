export const keychain = {
  asking:
    'Der Schlüsselbund des Systems ist gesperrt und fragt in einem eigenen Fenster nach seinem Kennwort. Antworten Sie dort; Concord arbeitet inzwischen weiter. Was in ihm liegt, ist nutzbar, sobald er offen ist.',
  kept: 'Kommt in den Schlüsselbund des Systems, sobald er offen ist.',
}
