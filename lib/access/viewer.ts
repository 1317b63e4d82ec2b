/**
 * `past_holder`: a person who paid for a household before, and still reads their own payments and invoices. `applicant`: a person
 * whom the municipality does not know and who asks for a child to be enrolled; it stands in no viewer but that of the forms
 * (`currentFiller`), and opens nothing else.
 */
export type FamilyRole = 'holder' | 'delegate' | 'past_holder' | 'applicant'
/** Roles over the whole municipality. What a transaction of such a person sees, the capability decides. */
export const OFFICE_ROLES = ['operator', 'accountant', 'manager', 'editor'] as const
/**
 * Roles with a part: the figures, a kitchen, a school, classes. A transaction of a person with no other role sees no row of a
 * family; the database gives it what is theirs by functions (see db/functions/staff.sql).
 */
export const PARTIAL_ROLES = ['reader', 'kitchen', 'school_office', 'teacher'] as const
export type StaffRole = (typeof OFFICE_ROLES)[number] | (typeof PARTIAL_ROLES)[number]

/** One household in which the viewer has a role now. */
export type Membership = {
  householdId: string
  role: FamilyRole
  /** The only pupils of a delegate; without it, all those of the household. */
  pupilIds?: string[]
  /** Pupils of another household who eat here on some days (`meal_household_rule`), as far as the role reaches them. */
  sharedPupilIds?: string[]
  /** ISO instant from which a holder who took the household over sees its movements; without it, all of them. */
  since?: string
}

/** A colleague of the office looks at the portal as the holder of a family sees it: nothing can be changed. */
export type FamilyLook = {
  id: string
  /** ISO instant at which it ends by itself. */
  until: string
  householdId: string
  householdName: string
  /** The colleague who looks. */
  by: string
}

/**
 * The person of this request, as the database knows them now: roles and memberships are re-read at each request,
 * never taken from the session or the browser.
 */
export type Viewer = {
  municipalityId: string
  /** The person in this municipality; another municipality has another id for the same citizen. */
  personId: string
  citizenId: string
  sessionId: string
  /** Given and family name, for the page's header. */
  name: string
  memberships: Membership[]
  staffRoles: StaffRole[]
  /** The viewer is the holder of a family at whom the office looks: `sessionId` and `citizenId` are the colleague's. */
  look?: FamilyLook
}

/** A person of the office, also where no request is there to read: the worker ends what they began. */
export type Officer = Pick<Viewer, 'municipalityId' | 'personId' | 'sessionId' | 'name' | 'staffRoles'>
