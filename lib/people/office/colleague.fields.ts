import type { EndedRole, GivenRoles, InvitedColleague } from './colleague.input.ts'
import { askedRoleText } from './colleague.ts'

type Fields = Record<string, string>

/** The fields of the roles that a form gives, as a form holds them. */
export const typedRoles = ({ roles, from, to }: Pick<GivenRoles, 'roles' | 'from' | 'to'>): Fields => ({
  'roles[]': roles.map(askedRoleText).join(','),
  from,
  to: to ?? '',
})

export const typedInvite = (asked: InvitedColleague): Fields => ({
  ...typedRoles(asked),
  fiscalCode: asked.fiscalCode,
  givenName: asked.givenName,
  familyName: asked.familyName,
  birthDay: asked.birthDay ?? '',
  email: asked.email ?? '',
})

export const typedEnd = ({ asked }: Pick<EndedRole, 'asked'>): Fields => ({
  end: asked.end,
  lastDay: asked.end === 'day' ? asked.lastDay : '',
})
