import { password, type Window } from './window.ts'

export const people = [
  { name: 'lead', displayName: 'Dr Lena Lead', roles: ['lead'] },
  { name: 'anna', displayName: 'Dr Anna Arndt', roles: ['reader'] },
  { name: 'ben', displayName: 'Dr Ben Brandt', roles: ['reader'] },
  { name: 'cora', displayName: 'Dr Cora Claus', roles: ['reader'] },
  { name: 'theo', displayName: 'Theo Trainer', roles: ['trainer'] },
] as const
export const readers = ['anna', 'ben', 'cora'] as const

/** First start: the administrator; then everybody else's account. */
export async function makeAccounts(window: Window): Promise<void> {
  await window.at('first-start-name').waitFor()
  await window.shot('first-start')
  await window.fill('first-start-display-name', 'Ada Administrator')
  await window.fill('first-start-name', 'admin')
  await window.fill('first-start-password', password)
  await window.fill('first-start-repeat', password)
  await window.click('first-start-submit')
  await window.at('account-menu').waitFor()
  await window.shot('studies-empty')
  await window.goTo('people')
  await window.click('person-new')
  for (const person of people) {
    await window.fill('person-display-name', person.displayName)
    await window.fill('person-name', person.name)
    await window.fill('person-password', password)
    for (const role of ['administrator', 'lead', 'reader', 'trainer']) {
      const box = window.at(`person-role-${role}`)
      await box.setChecked((person.roles as readonly string[]).includes(role))
    }
    await window.click('person-create')
    await window.page.locator(`[data-test="person-row"][data-name="${person.name}"]`).waitFor()
  }
  await window.shot('people')
  await window.signOut()
}
