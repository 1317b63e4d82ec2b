/** A pupil of a class today. `eatsToday`: it is one of the pupil's own weekdays. */
export type ListedPupil = {
  pupilId: string
  givenName: string
  familyName: string
  isAbsent: boolean
  eatsToday: boolean
}

/** What a list says of a pupil today. */
export type ListedState = 'present' | 'absent' | 'not-today'

export const listedState = ({ eatsToday, isAbsent }: ListedPupil): ListedState => {
  if (!eatsToday) return 'not-today'
  return isAbsent ? 'absent' : 'present'
}

/** Whether the canteen is there today for a class: `closed` after the kitchen's count. */
export type ClassDay = 'open' | 'closed' | 'suspended' | 'none'

/** One class and one service, today: who is enrolled, and who eats. */
export type ClassList = {
  classId: string
  className: string
  schoolName: string
  serviceName: string
  day: ClassDay
  pupils: ListedPupil[]
}

export type ClassLine = Omit<ClassList, 'pupils'> & ListedPupil

/** The lines of the database, class by class and service by service, in their order. */
export function classLists(lines: readonly ClassLine[]): ClassList[] {
  const lists: ClassList[] = []
  for (const { classId, className, schoolName, serviceName, day, ...pupil } of lines) {
    const last = lists.at(-1)
    if (last?.classId === classId && last.serviceName === serviceName) last.pupils.push(pupil)
    else lists.push({ classId, className, schoolName, serviceName, day, pupils: [pupil] })
  }
  return lists
}

/** How many of a class eat today; none where there is no canteen. */
export const eating = ({ day, pupils }: Pick<ClassList, 'day' | 'pupils'>): number =>
  day === 'suspended' || day === 'none'
    ? 0
    : pupils.filter((pupil) => listedState(pupil) === 'present').length
