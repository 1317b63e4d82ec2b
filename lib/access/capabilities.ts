import {
  type FamilyRole,
  type Membership,
  OFFICE_ROLES,
  PARTIAL_ROLES,
  type StaffRole,
  type Viewer,
} from './viewer.ts'

type Grant = { own: readonly FamilyRole[]; all: readonly StaffRole[] }

const none = { own: [], all: [] } as const satisfies Grant

/**
 * Who may do what. `own`: a family role, on its own household. `all`: a staff role, on the whole municipality.
 * What is not named here is refused; the access matrix in the tests prints this table.
 */
export const CAPABILITIES = {
  'meals:read': { own: ['holder', 'delegate'], all: ['operator', 'accountant', 'manager'] },
  'meals:change': { own: ['holder', 'delegate'], all: ['operator', 'manager'] },
  'meals:change-late': { ...none, all: ['operator', 'manager'] },
  'meals:rate': { ...none, own: ['holder', 'delegate'] },
  'calendar:feed': { ...none, own: ['holder', 'delegate'] },
  'menus:write': { ...none, all: ['operator', 'manager'] },
  'money:read': { own: ['holder'], all: ['operator', 'accountant', 'manager'] },
  'invoices:read': { own: ['holder', 'past_holder'], all: ['operator', 'accountant', 'manager'] },
  'money:pay': { ...none, own: ['holder'] },
  'money:adjust': { ...none, all: ['accountant', 'manager'] },
  'tariffs:manage': { ...none, all: ['accountant', 'manager'] },
  'supplier:manage': { ...none, all: ['accountant', 'manager'] },
  'household:read': { own: ['holder', 'delegate'], all: ['operator', 'accountant', 'manager'] },
  'household:manage': { own: ['holder'], all: ['operator', 'accountant', 'manager'] },
  'registry:correct': { ...none, all: ['operator', 'manager'] },
  'registry:merge': { ...none, all: ['manager'] },
  'registry:erase': { ...none, all: ['manager'] },
  'transfers:send': { ...none, all: ['operator', 'manager'] },
  'transfers:receive': { ...none, all: ['operator', 'manager'] },
  'views:keep': { ...none, all: [...OFFICE_ROLES, 'school_office'] },
  'pupils:list': { ...none, all: ['operator', 'accountant', 'manager', 'school_office'] },
  'family:look': { ...none, all: ['operator', 'manager'] },
  'contacts:manage': { ...none, own: ['holder', 'delegate', 'past_holder'] },
  'notifications:read': { ...none, own: ['holder', 'delegate', 'past_holder'] },
  'deliveries:manage': { ...none, all: ['operator', 'accountant', 'manager'] },
  'registers:export': { ...none, all: ['manager'] },
  'registers:read': { ...none, all: ['operator', 'manager'] },
  'delegation:leave': { ...none, own: ['delegate'] },
  'access:manage': {
    own: ['holder', 'delegate', 'past_holder'],
    all: [...OFFICE_ROLES, ...PARTIAL_ROLES],
  },
  'communications:read': {
    own: ['holder', 'delegate'],
    all: ['operator', 'accountant', 'manager', 'editor'],
  },
  'communications:write': { ...none, all: ['operator', 'accountant', 'manager'] },
  'forms:fill': { ...none, own: ['holder', 'applicant'] },
  'diets:manage': { ...none, all: ['operator', 'manager'] },
  'forms:manage': { ...none, all: ['operator', 'manager'] },
  'communications:approve': { ...none, all: ['manager'] },
  'questionnaires:answer': { ...none, own: ['holder', 'delegate'] },
  'questionnaires:read': { ...none, all: ['operator', 'manager', 'editor'] },
  'questionnaires:write': { ...none, all: ['operator', 'manager'] },
  'questionnaires:publish': { ...none, all: ['manager'] },
  'kitchen:read': { ...none, all: ['operator', 'accountant', 'manager'] },
  'kitchen:read-own': { ...none, all: ['kitchen'] },
  'hatch:read': { ...none, all: ['operator', 'manager'] },
  'classes:read-own': { ...none, all: ['school_office', 'teacher'] },
  'calendar:manage': { ...none, all: ['operator', 'manager'] },
  'content:write': { ...none, all: ['manager', 'editor'] },
  'content:publish': { ...none, all: ['manager', 'editor'] },
  'structure:manage': { ...none, all: ['manager'] },
  'settings:manage': { ...none, all: ['manager', 'editor'] },
  'town:export': { ...none, all: ['manager'] },
  'staff:manage': { ...none, all: ['manager'] },
  'work:read': { ...none, all: OFFICE_ROLES },
  'figures:read': { ...none, all: [...OFFICE_ROLES, 'reader'] },
} as const satisfies Record<string, Grant>

export type Capability = keyof typeof CAPABILITIES

/**
 * What the office sees of a family whose portal it looks at. Nothing that pays, that is a secret of a person or that changes
 * something: means of payment, invoices to download, forms, contacts, accesses, the address of the calendar.
 */
const SEEN_BY_A_LOOK: ReadonlySet<Capability> = new Set([
  'meals:read',
  'money:read',
  'household:read',
  'communications:read',
  'notifications:read',
])

const isHidden = ({ look }: Viewer, capability: Capability): boolean =>
  look !== undefined && !SEEN_BY_A_LOOK.has(capability)

/** May the viewer do this as a parent? Without `householdId`: in one household at least. */
export function allowedToFamily(viewer: Viewer, capability: Capability, householdId?: string): boolean {
  const grant: Grant | undefined = CAPABILITIES[capability]
  if (!grant || isHidden(viewer, capability)) return false
  return viewer.memberships.some(
    (membership) =>
      grant.own.includes(membership.role) &&
      (householdId === undefined || membership.householdId === householdId),
  )
}

/**
 * May the viewer do this as a parent to this pupil? A delegate may be one for single pupils. A pupil of another household who eats
 * here on some days is reached too: which meals are whose, `isOwnMeal` says.
 * @param pupil as the database has it: whose household it is in is not for the browser to say
 */
export function allowedOnPupil(
  viewer: Viewer,
  capability: Capability,
  pupil: { pupilId: string; householdId: string },
): boolean {
  const grant: Grant | undefined = CAPABILITIES[capability]
  if (!grant || isHidden(viewer, capability)) return false
  return viewer.memberships.some((one) => grant.own.includes(one.role) && reaches(one, pupil))
}

const reaches = (
  { householdId, pupilIds, sharedPupilIds }: Membership,
  pupil: { pupilId: string; householdId: string },
): boolean =>
  (householdId === pupil.householdId && (pupilIds === undefined || pupilIds.includes(pupil.pupilId))) ||
  sharedPupilIds?.includes(pupil.pupilId) === true

/**
 * The household for which a parent changes meals of these pupils, whose receipt it is: their own, or one in which all of them eat
 * on some days. Null where no household of the viewer has them all.
 */
export function actingHousehold(
  { memberships }: Pick<Viewer, 'memberships'>,
  pupils: readonly { pupilId: string; householdId: string }[],
): string | null {
  const all = memberships.filter(
    (one) =>
      (one.role === 'holder' || one.role === 'delegate') && pupils.every((pupil) => reaches(one, pupil)),
  )
  const own = all.find((one) => pupils.every(({ householdId }) => householdId === one.householdId))
  return (own ?? all[0])?.householdId ?? null
}

/**
 * Whether a meal is one of the days of a household of the viewer who reaches the pupil there. Of a pupil whose days two households
 * share, a parent who pays for one of them has the days of that one alone, delegate of the other or not; the rule of `is_meal_of`
 * (db/functions/meals.sql).
 * @param meal whose it is, and with which household the days are shared (`ownerOfMeal`)
 */
export function isOwnMeal(
  { memberships }: Pick<Viewer, 'memberships'>,
  meal: { pupilId: string; householdId: string; otherId: string | null },
): boolean {
  const paysOther = memberships.some(
    ({ role, householdId }) => role === 'holder' && householdId === meal.otherId,
  )
  return memberships.some(
    ({ role, householdId, pupilIds, sharedPupilIds }) =>
      (role === 'holder' || (role === 'delegate' && !paysOther)) &&
      householdId === meal.householdId &&
      (pupilIds === undefined ||
        pupilIds.includes(meal.pupilId) ||
        sharedPupilIds?.includes(meal.pupilId) === true),
  )
}

/** May the viewer do this as a member of the office? */
export function allowedToStaff(viewer: Pick<Viewer, 'staffRoles'>, capability: Capability): boolean {
  const grant: Grant | undefined = CAPABILITIES[capability]
  if (!grant) return false
  return viewer.staffRoles.some((role) => grant.all.includes(role))
}

/** Whether a person has a role or a household in the municipality. */
export const hasARole = ({ memberships, staffRoles }: Pick<Viewer, 'memberships' | 'staffRoles'>): boolean =>
  memberships.length > 0 || staffRoles.length > 0
