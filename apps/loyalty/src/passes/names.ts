interface Named {
  phone?: string | null;
  email?: string | null;
  externalId?: string | null;
}

/** The names under which a person can be asked to be forgotten, each spelled in one way. */
export function namesOf({ phone, email, externalId }: Named): string[] {
  return [phone && `phone:${phone}`, email && `email:${email}`, externalId && `id:${externalId}`].filter(
    (name): name is string => Boolean(name),
  );
}
