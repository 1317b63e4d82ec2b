import { access } from './en/access.ts'
import { commonClient } from './en/common.client.ts'
import { common } from './en/common.ts'
import { communicationsClient } from './en/communications.client.ts'
import { communications } from './en/communications.ts'
import { familyClient } from './en/family.client.ts'
import { family } from './en/family.ts'
import { formsClient } from './en/forms.client.ts'
import { forms } from './en/forms.ts'
import { letters } from './en/letters.ts'
import { menusClient } from './en/menus.client.ts'
import { menus } from './en/menus.ts'
import { notificationsClient } from './en/notifications.client.ts'
import { notifications } from './en/notifications.ts'
import { privacy } from './en/privacy.ts'
import { publicSite } from './en/public.ts'
import { questionnairesClient } from './en/questionnaires.client.ts'
import { questionnaires } from './en/questionnaires.ts'
import { refusals } from './en/refusals.ts'
import { register } from './en/register.ts'
import { type Catalogue, italian, type Language, type Words, wordsFrom } from './language.ts'

/** What components that run in the browser say: sent with an English page. Held right by the catalogue's test. */
export const ENGLISH_CLIENT: Catalogue = {
  ...commonClient,
  ...communicationsClient,
  ...familyClient,
  ...formsClient,
  ...menusClient,
  ...notificationsClient,
  ...questionnairesClient,
}

/** Everything; one line per area. */
export const ENGLISH: Catalogue = {
  ...ENGLISH_CLIENT,
  ...access,
  ...common,
  ...communications,
  ...family,
  ...forms,
  ...letters,
  ...menus,
  ...notifications,
  ...privacy,
  ...publicSite,
  ...questionnaires,
  ...refusals,
  ...register,
}

const english = wordsFrom('en', ENGLISH)

/** The words of a language, for what no request asks for: mails speak the language of their person. */
export const wordsIn = (language: Language): Words => (language === 'en' ? english : italian)
