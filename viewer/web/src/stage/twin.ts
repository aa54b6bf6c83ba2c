// Stages whose cameras move as one.
import type { Orbit } from "./orbit";

/** One of them: goes where another one has gone. */
export interface Follower {
  follow(orbit: Orbit, byHand: boolean): void;
}

export class Tether {
  private readonly members = new Set<Follower>();
  private leading = false;

  join(member: Follower): void {
    this.members.add(member);
  }

  leave(member: Follower): void {
    this.members.delete(member);
  }

  /** One of them has moved: the others follow. */
  moved(leader: Follower, orbit: Orbit, byHand: boolean): void {
    if (this.leading) return;
    this.leading = true;
    for (const member of this.members) if (member !== leader) member.follow(orbit, byHand);
    this.leading = false;
  }
}
