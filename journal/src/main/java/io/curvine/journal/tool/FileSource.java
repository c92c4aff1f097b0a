/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import io.curvine.journal.JournalFiles;
import io.curvine.journal.SegmentIndex;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A journal's directory, or one segment of it. A master may be appending to it: what is wholly
 * written is read, and its newest, half-written batch is not. Not thread-safe.
 */
public final class FileSource implements JournalSource {
  private final Path path;
  private final boolean single;

  private FileSource(Path path, boolean single) {
    this.path = path;
    this.single = single;
  }

  /**
   * The journal in a directory.
   *
   * @throws CurvineException NOT_FOUND where it holds none
   */
  public static FileSource directory(Path directory) throws IOException {
    FileSource source = new FileSource(directory, false);
    source.folder();
    return source;
  }

  /**
   * One segment file.
   *
   * @throws IOException where its name is none of a segment
   */
  public static FileSource file(Path file) throws IOException {
    FileSource source = new FileSource(file, true);
    source.folder();
    if (!Files.isRegularFile(file)) {
      throw new CurvineException(ErrorCode.NOT_FOUND, file + " is no file");
    }
    return source;
  }

  @Override
  public String name() {
    return path.toString();
  }

  private JournalFolder folder() throws IOException {
    if (single) {
      return new JournalFolder(List.of(JournalVerify.segmentFile(path)), List.of(), List.of());
    }
    JournalFolder folder = JournalFolder.of(path);
    if (folder.segments().isEmpty()) {
      throw new CurvineException(
          ErrorCode.NOT_FOUND, path + " holds no journal: no file of 20 digits and .log is there");
    }
    return folder;
  }

  @Override
  public Range range() throws IOException {
    JournalFolder folder = folder();
    List<JournalFolder.SegmentFile> segments = folder.segments();
    JournalFolder.SegmentFile last = segments.get(segments.size() - 1);
    long next = last.baseOffset();
    try (SegmentReader reader = new SegmentReader(last.log())) {
      long position = indexed(last, Long.MAX_VALUE);
      while (position >= 0) {
        Frame frame = reader.frame(position);
        RawBatch batch = frame.form() == Frame.Form.WHOLE ? reader.batch(position, frame) : null;
        if (batch != null && batch.checksumFits()) {
          next = batch.nextOffset();
          position += frame.sizeBytes();
        } else {
          position = reader.nextWhole(position + 1, next);
        }
      }
    }
    return new Range(segments.get(0).baseOffset(), next);
  }

  @Override
  public BatchReader read(long fromOffset) throws IOException {
    JournalFolder folder = folder();
    JournalFolder.SegmentFile holder =
        folder
            .holding(fromOffset)
            .orElseThrow(
                () ->
                    new CurvineException(
                        ErrorCode.OFFSET_OUT_OF_RANGE,
                        "offset "
                            + fromOffset
                            + " is out of range; "
                            + path
                            + " begins with "
                            + folder.segments().get(0).baseOffset()));
    return new Reader(holder, indexed(holder, fromOffset), fromOffset);
  }

  /** Where to begin to look for an offset. */
  private static long indexed(JournalFolder.SegmentFile segment, long offset) throws IOException {
    Path index = segment.beside(JournalFiles.INDEX);
    long size = Files.size(segment.log());
    return SegmentIndex.load(index)
        .filter(loaded -> loaded.sizeBytes() <= size)
        .map(loaded -> loaded.index().floorOfOffset(offset))
        .orElse(0L);
  }

  @Override
  public void close() {}

  /** Goes from batch to batch and from segment to segment. */
  private final class Reader implements BatchReader {
    private final long fromOffset;
    private JournalFolder.SegmentFile segment;
    private SegmentReader reader;
    private long position;

    /** Unless the segment is the newest, nothing is appended to it. */
    private long lastOffset;

    Reader(JournalFolder.SegmentFile segment, long position, long fromOffset) throws IOException {
      this.fromOffset = fromOffset;
      this.segment = segment;
      this.position = position;
      this.lastOffset = segment.baseOffset();
      this.reader = new SegmentReader(segment.log());
    }

    @Override
    public Optional<RawBatch> next() throws IOException {
      boolean looked = false;
      Optional<JournalFolder.SegmentFile> following = Optional.empty();
      while (true) {
        Frame frame = reader.frame(position);
        if (frame.form() == Frame.Form.WHOLE) {
          RawBatch batch = whole(frame);
          if (batch.nextOffset() > fromOffset) {
            return Optional.of(batch);
          }
        } else if (frame.form() == Frame.Form.SHORT
            && reader.nextWhole(position + 1, lastOffset) < 0) {
          if (!looked) {
            // Nothing is appended once another one follows: what is then there is all of it.
            looked = true;
            following = single ? Optional.empty() : folder().after(segment);
            reader.refresh();
          } else if (following.isEmpty()) {
            return Optional.empty();
          } else {
            goTo(following.get());
            looked = false;
          }
        } else {
          skip(frame.problem());
        }
      }
    }

    private RawBatch whole(Frame frame) throws IOException {
      RawBatch batch = reader.ownBatch(position, frame);
      long end = position + frame.sizeBytes();
      if (!batch.checksumFits()) {
        long next = reader.nextWhole(position + 1, lastOffset);
        boolean lengthIsRight = next == end || (next < 0 && end == reader.limit());
        if (!lengthIsRight) {
          skip("its checksum does not fit");
        }
      }
      position = end;
      lastOffset = Math.max(lastOffset, batch.nextOffset());
      return batch;
    }

    private void skip(String problem) throws IOException {
      long damaged = position;
      long next = reader.nextWhole(position + 1, lastOffset);
      position = next < 0 ? reader.limit() : next;
      throw new CurvineException(
          ErrorCode.CORRUPT,
          segment.log()
              + " at byte "
              + damaged
              + ": "
              + problem
              + "; "
              + (position - damaged)
              + " bytes are passed over");
    }

    private void goTo(JournalFolder.SegmentFile following) throws IOException {
      long unread = reader.limit() - position;
      Path ended = segment.log();
      reader.close();
      segment = following;
      reader = new SegmentReader(segment.log());
      position = 0;
      lastOffset = segment.baseOffset();
      if (unread > 0) {
        throw new CurvineException(
            ErrorCode.CORRUPT, ended + " ends with " + unread + " bytes that are no whole batch");
      }
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }
}
