/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.past;

import com.google.protobuf.ByteString;
import io.curvine.journal.JournalLog;
import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.state.view.PathResolver;
import io.curvine.master.state.view.Refused;
import io.curvine.master.state.view.StateView;
import io.curvine.master.store.StateStore;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.Limits;
import io.curvine.protocol.change.Changes;
import io.curvine.protocol.proto.Change;
import io.curvine.protocol.proto.ChangeType;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FetchHistory;
import io.curvine.protocol.proto.FormerEntry;
import io.curvine.protocol.proto.HistoryPage;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.Principal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Searches the journal for what happened to one entry, newest first. An event names its entry by
 * the path of that time, so whoever goes backwards and takes back each rename of the entry, and of
 * what it was in, knows the path at every offset.
 *
 * <p>Where nothing has the name now: down to the newest event of that name, which tells the inode;
 * from there up, to what became of it; and then down from its end. For one thread at a time.
 */
final class HistoryScan {
  private static final int EVENTS_BETWEEN_LOOKS = 256;
  private static final int OTHERS_MAX = 16;
  private static final int READ_BYTES = 1 << 20;

  private final JournalLog journal;
  private final StateStore live;
  private final PastRights rights;
  private final ByteString asked;
  private final Range range;

  /**
   * Which events are wanted.
   *
   * @param before exclusive
   */
  record Range(long from, long before) {
    static final Range ALL = new Range(0, Long.MAX_VALUE);
  }

  private enum Phase {
    FIND_NAME,
    FOLLOW,
    FIND_OWNER,
    LIST,
    DONE
  }

  private Phase phase;
  private BackwardEvents events;

  /** Of the entry, at the offset where the search is. */
  private ByteString path;

  private long inode;
  private ByteString lastPath = ByteString.EMPTY;
  private long goneOffset;

  /**
   * Of the newest rename that the name is searched through; -1: the search is for what was asked.
   */
  private long mappedOffset = -1;

  /** Where the search goes on upwards. */
  private long upOffset;

  /** It was found by a name that nothing has now. */
  private boolean former;

  /** Its first event was met. */
  private boolean created;

  private final List<FormerEntry> othersKnown = new ArrayList<>();
  private final Set<Long> othersMet = new HashSet<>();

  /** What was given: all at or above. */
  private long givenDownTo;

  /**
   * Begins where the entry is now.
   *
   * @throws CurvineException PERMISSION_DENIED where the principal may not look it up
   */
  HistoryScan(
      JournalLog journal, StateStore live, Principal principal, FetchHistory request, Range range)
      throws IOException {
    this.journal = journal;
    this.live = live;
    this.rights = new PastRights(principal);
    this.asked = request.getPath();
    this.range = range;
    this.givenDownTo = request.getBeforeOffset() == 0 ? Long.MAX_VALUE : request.getBeforeOffset();
    this.path = asked;
    Place place = accepted(live.read(this::look));
    this.events = new BackwardEvents(journal, Math.min(place.end, journal.nextOffset()));
    if (place.inode == null) {
      phase = Phase.FIND_NAME;
      former = true;
    } else {
      phase = Phase.LIST;
      inode = place.inode.getId();
      path = place.path;
      lastPath = path;
    }
  }

  /** What is at the path now. */
  private record Place(long end, Inode inode, ByteString path, Refused refused) {}

  private static Place accepted(Place place) throws CurvineException {
    if (place.refused != null) {
      throw new CurvineException(place.refused.code(), place.refused.getMessage());
    }
    return place;
  }

  private Place look(StateView view) {
    long end = view.meta().nextOffset();
    EntryRef at = EntryRef.newBuilder().setPath(asked).build();
    try {
      Inode found = view.resolver(rights.guard(asked.toStringUtf8())).entry(at, false);
      boolean root = found.getParent() == 0 || asked.equals(ByteString.copyFromUtf8("/"));
      if (root) {
        return new Place(end, found, view.namespace().path(found), null);
      }
      PathResolver.Place name = view.resolver().place(at);
      ByteString canonical = BytePaths.child(view.namespace().path(name.parent()), name.name());
      return new Place(end, found, canonical, null);
    } catch (NeedsUfs needs) {
      return new Place(end, null, asked, null);
    } catch (Refused refused) {
      boolean absent =
          refused.code() == ErrorCode.NOT_FOUND || refused.code() == ErrorCode.NOT_A_DIRECTORY;
      return new Place(end, null, asked, absent ? null : refused);
    }
  }

  /** Whether it searches these; a master may have adopted others since. */
  boolean isOf(JournalLog currentJournal, StateStore currentState) {
    return journal.equals(currentJournal) && live.equals(currentState);
  }

  /** Where the next page has to go on, for a search that did not give the ones before. */
  boolean continuesAt(long beforeOffset) {
    return beforeOffset == givenDownTo || (beforeOffset == 0 && givenDownTo == Long.MAX_VALUE);
  }

  /**
   * Goes on for a while.
   *
   * @param limit of changes
   * @param deadlineNanos by {@link System#nanoTime}
   */
  HistoryPage next(int limit, long deadlineNanos) throws IOException {
    HistoryPage.Builder page = HistoryPage.newBuilder();
    int looks = 0;
    long bytes = 0;
    while (phase != Phase.DONE
        && page.getChangesCount() < limit
        && bytes < Limits.LIST_PAGE_MAX_BYTES) {
      // A step upwards reads many events, any other step one.
      boolean time = phase == Phase.FOLLOW || looks % EVENTS_BETWEEN_LOOKS == 0;
      if (looks++ > 0 && time && System.nanoTime() - deadlineNanos > 0) {
        break;
      }
      int given = page.getChangesCount();
      switch (phase) {
        case FIND_NAME -> findName();
        case FOLLOW -> follow();
        case FIND_OWNER -> findOwner();
        case LIST -> list(page);
        case DONE -> {}
      }
      if (page.getChangesCount() > given) {
        bytes += page.getChanges(given).getSerializedSize();
      }
    }
    if (phase == Phase.LIST || phase == Phase.DONE) {
      givenDownTo = Math.min(givenDownTo, events.before());
      // Not before: it may be gone further up, and somebody else's.
      page.setInode(inode).setLastPath(lastPath).setGoneOffset(goneOffset);
    }
    return page.setNextBefore(givenDownTo == Long.MAX_VALUE ? 0 : givenDownTo)
        .setFinished(phase == Phase.DONE)
        .setStartOffset(journal.startOffset())
        .addAllOthers(phase == Phase.DONE ? othersKnown : List.of())
        .build();
  }

  /**
   * Down to the newest event of an entry that had the name. Below a rename of what it would be in,
   * the search is for the name of before; where that one had gone by then, what was called as asked
   * before the rename is meant.
   */
  private void findName() throws IOException {
    if (events.atStart()) {
      if (mappedOffset >= 0) {
        searchAsAsked();
        return;
      }
      throw new CurvineException(
          ErrorCode.NOT_FOUND,
          asked.toStringUtf8()
              + ": nothing has this name, and nothing had it since offset "
              + journal.startOffset()
              + ", where the journal begins");
    }
    Optional<Change> change = events.nextChange();
    if (change.isEmpty()) {
      return;
    }
    Change at = change.get();
    boolean left = at.getType() == ChangeType.RENAMED && at.getOldPath().equals(path);
    if (at.getType() == ChangeType.RENAMED && !left && BytePaths.isBelow(path, at.getPath())) {
      mappedOffset = mappedOffset < 0 ? events.before() : mappedOffset;
      path = beforeRename(at);
    } else if (left || at.getPath().equals(path)) {
      boolean ends =
          left || at.getType() == ChangeType.DELETED || at.getType() == ChangeType.UNMOUNTED;
      if (ends && mappedOffset >= 0) {
        searchAsAsked();
        return;
      }
      inode = at.getInode();
      lastPath = path;
      upOffset = ends ? events.before() : events.before() + 1;
      phase = Phase.FOLLOW;
    } else if (mappedOffset >= 0 && emptiesAbove(at)) {
      searchAsAsked();
    }
  }

  /** Whether nothing of before can have been at the path after it. */
  private boolean emptiesAbove(Change change) {
    return switch (change.getType()) {
      case DELETED, UNMOUNTED, MOUNTED -> BytePaths.isBelow(path, change.getPath());
      case RENAMED -> BytePaths.isBelow(path, change.getOldPath());
      default -> false;
    };
  }

  private void searchAsAsked() {
    events = new BackwardEvents(journal, mappedOffset);
    mappedOffset = -1;
    path = asked;
  }

  /** The path before a rename of what it is in. */
  private ByteString beforeRename(Change rename) {
    return BytePaths.isBelow(path, rename.getPath())
        ? BytePaths.moved(path, rename.getPath(), rename.getOldPath())
        : path;
  }

  /** Up, to where the entry is now or was when it went. */
  private void follow() throws IOException {
    long end = journal.nextOffset();
    if (upOffset >= end) {
      foundAt(end);
      return;
    }
    for (Event event : journal.read(upOffset, READ_BYTES).events()) {
      Optional<Change> change = Changes.of(upOffset, event);
      if (change.isPresent() && takesAway(change.get())) {
        goneOffset = upOffset;
        events = new BackwardEvents(journal, upOffset + 1);
        path = lastPath;
        phase = rights.seesAll() ? Phase.LIST : Phase.FIND_OWNER;
        return;
      }
      upOffset++;
    }
  }

  private boolean takesAway(Change change) {
    return switch (change.getType()) {
      case DELETED, UNMOUNTED -> BytePaths.isAtOrBelow(lastPath, change.getPath());
      case MOUNTED -> BytePaths.isBelow(lastPath, change.getPath());
      case RENAMED -> {
        if (BytePaths.isAtOrBelow(lastPath, change.getOldPath())
            && (change.getInode() == inode) == lastPath.equals(change.getOldPath())) {
          lastPath = BytePaths.moved(lastPath, change.getOldPath(), change.getPath());
          yield false;
        }
        yield change.getPath().equals(lastPath) && change.getInode() != inode;
      }
      default -> false;
    };
  }

  /** It is there under another name; or gone by what no event tells, such as a repair. */
  private void foundAt(long end) throws CurvineException {
    Place now = live.read(this::lookForInode);
    if (now.inode == null) {
      if (journal.nextOffset() == end) {
        goneOffset = end;
        path = lastPath;
        events = new BackwardEvents(journal, end);
        phase = rights.seesAll() ? Phase.LIST : Phase.FIND_OWNER;
      }
      return; // What took it away may have come since, and is looked at next.
    }
    accepted(now);
    events = new BackwardEvents(journal, end);
    path = lastPath;
    phase = Phase.LIST;
  }

  private Place lookForInode(StateView view) {
    Inode found = view.namespace().find(inode);
    if (found == null) {
      return new Place(0, null, lastPath, null);
    }
    try {
      rights.requireReach(found, view.namespace(), lastPath.toStringUtf8());
      return new Place(0, found, lastPath, null);
    } catch (Refused denied) {
      return new Place(0, found, lastPath, denied);
    }
  }

  /** Of an entry that is gone: it is shown to its owner alone. */
  private void findOwner() throws IOException {
    if (events.atStart()) {
      throw new CurvineException(
          ErrorCode.PERMISSION_DENIED,
          asked.toStringUtf8()
              + " is gone, and whose it was is not in the journal any more; only uid 0 may see it");
    }
    OptionalInt owner = ownerIn(events.next());
    if (owner.isEmpty()) {
      return;
    }
    if (!rights.owns(owner.getAsInt())) {
      throw new CurvineException(
          ErrorCode.PERMISSION_DENIED,
          asked.toStringUtf8() + " is gone; only its owner and uid 0 may see what it was");
    }
    events = new BackwardEvents(journal, Math.min(goneOffset + 1, journal.nextOffset()));
    phase = Phase.LIST;
  }

  private OptionalInt ownerIn(Event event) {
    return switch (event.getEventCase()) {
      case ATTRIBUTES_SET ->
          event.getAttributesSet().getInode() == inode && event.getAttributesSet().hasUid()
              ? OptionalInt.of(event.getAttributesSet().getUid())
              : OptionalInt.empty();
      case DIRECTORY_MADE -> ownerOf(event.getDirectoryMade().getInode());
      case FILE_CREATED -> ownerOf(event.getFileCreated().getInode());
      case SYMLINK_MADE -> ownerOf(event.getSymlinkMade().getInode());
      case SPECIAL_MADE -> ownerOf(event.getSpecialMade().getInode());
      case UFS_ENTRY_LOADED -> ownerOf(event.getUfsEntryLoaded().getInode());
      default -> OptionalInt.empty();
    };
  }

  private OptionalInt ownerOf(Inode made) {
    return made.getId() == inode ? OptionalInt.of(made.getUid()) : OptionalInt.empty();
  }

  /** Down, giving what concerns the entry. */
  private void list(HistoryPage.Builder page) throws IOException {
    if (events.atStart() || events.before() <= range.from || (created && !former)) {
      phase = Phase.DONE;
      return;
    }
    Optional<Change> change = events.nextChange();
    if (change.isEmpty()) {
      return;
    }
    Change at = change.get();
    if (concerns(at)) {
      if (at.getOffset() < Math.min(givenDownTo, range.before)) {
        page.addChanges(at);
      }
      created |= at.getType() == ChangeType.CREATED && at.getInode() == inode;
    } else {
      meetOther(at);
    }
    if (at.getType() == ChangeType.RENAMED) {
      path =
          at.getInode() == inode && at.getPath().equals(path) ? at.getOldPath() : beforeRename(at);
    }
  }

  private boolean concerns(Change change) {
    boolean above =
        change.getType() == ChangeType.RENAMED
            && change.getKind() == InodeType.DIRECTORY
            && BytePaths.isBelow(path, change.getPath());
    boolean took = goneOffset != 0 && change.getOffset() == goneOffset;
    return !created && (change.getInode() == inode || above || took);
  }

  /** Another entry that had the name. */
  private void meetOther(Change change) {
    boolean same = change.getPath().equals(path) || change.getOldPath().equals(path);
    if (former && same && change.getInode() != inode && othersMet.size() < OTHERS_MAX) {
      if (othersMet.add(change.getInode())) {
        othersKnown.add(
            FormerEntry.newBuilder()
                .setInode(change.getInode())
                .setOffset(change.getOffset())
                .build());
      }
    }
  }
}
