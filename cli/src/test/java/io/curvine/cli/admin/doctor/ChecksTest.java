/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.proto.ClusterStatus;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FeedFloor;
import io.curvine.protocol.proto.FeedGroup;
import io.curvine.protocol.proto.FeedPlace;
import io.curvine.protocol.proto.FeedState;
import io.curvine.protocol.proto.FloorState;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobState;
import io.curvine.protocol.proto.MasterGroup;
import io.curvine.protocol.proto.MasterList;
import io.curvine.protocol.proto.MasterStatus;
import io.curvine.protocol.proto.MirrorState;
import io.curvine.protocol.proto.TierUsage;
import io.curvine.protocol.proto.WorkerAddress;
import io.curvine.protocol.proto.WorkerStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is called unhealthy, of what nodes say. */
class ChecksTest {
  private static MasterStatus.Builder master(String id, String role, long offset) {
    return MasterStatus.newBuilder()
        .setNodeId(id)
        .setRole(role)
        .setPid(1)
        .setAppliedOffset(offset)
        .setRpc("127.0.0.1:1");
  }

  private static MasterList list(MasterStatus.Builder... masters) {
    MasterList.Builder list =
        MasterList.newBuilder().setGroup(MasterGroup.newBuilder().setSettled(true));
    for (MasterStatus.Builder each : masters) {
      list.addMasters(each);
    }
    return list.build();
  }

  private static List<String> told(List<Finding> found) {
    return found.stream().map(each -> each.subject() + " " + each.what()).toList();
  }

  @Test
  void threeMastersWithALeaderAreWell() {
    assertThat(
            MasterChecks.all(
                list(
                    master("m1", "leader", 9),
                    master("m2", "follower", 9),
                    master("m3", "follower", 8))))
        .isEmpty();
  }

  @Test
  void whatIsMissingOrBehindIsTold() {
    List<Finding> found =
        MasterChecks.all(
            list(
                master("m1", "candidate", 500_000),
                master("m2", "unknown", 0).setPid(0),
                master("m3", "follower", 1),
                master("m4", "follower", 500_000)));
    assertThat(told(found))
        .containsExactly(
            "quorum no master leads, so nothing can be changed",
            "quorum 4 masters vote; it bears the loss of 1",
            "master m2 does not answer at 127.0.0.1:1",
            "master m3 is 499999 events behind");
    assertThat(found).extracting(Finding::level).first().isEqualTo(Finding.Level.ERROR);
  }

  @Test
  void workersThatAreLostOrLateAreTold() {
    WorkerAddress address = WorkerAddress.newBuilder().setHost("h").build();
    ClusterStatus status =
        ClusterStatus.newBuilder()
            .setNextOffset(1_000_000)
            .setPendingJobs(200_000)
            .addWorkers(
                WorkerStatus.newBuilder()
                    .setId(1)
                    .setAddress(address)
                    .setLastHeartbeatMsAgo(65_000))
            .addWorkers(
                WorkerStatus.newBuilder()
                    .setId(2)
                    .setAddress(address)
                    .setLive(true)
                    .setFeedOffset(10)
                    .addTiers(TierUsage.newBuilder().setDirectory("/good").setCapacityBytes(1))
                    .addTiers(TierUsage.newBuilder().setDirectory("/bad"))
                    .setCorruptPages(3))
            .build();
    assertThat(told(WorkerChecks.all(status)))
        .containsExactly(
            "jobs 200000 wait for the UFS",
            "worker 1 of h has not been heard of for 65 s",
            "worker 2 follows the journal 999990 events late",
            "worker 2 has taken out its directory /bad, which failed",
            "worker 2 has found 3 corrupt pages");
    assertThat(told(WorkerChecks.all(ClusterStatus.getDefaultInstance())))
        .containsExactly("workers none is live, so no content can be read or written");
  }

  private static JobState kept(long id, ErrorCode code, String error) {
    Job job = Job.newBuilder().setId(id).setLastCode(code).setCreatedNanos(1_000_000_000L).build();
    return JobState.newBuilder().setJobId(id).setJob(job).setError(error).build();
  }

  @Test
  void changesThatMetAnotherObjectOrWereRefusedAreTold() {
    assertThat(JobChecks.all(List.of())).isEmpty();
    List<Finding> found =
        JobChecks.all(
            List.of(
                kept(3, ErrorCode.UFS_CONFLICT, "UFS_CONFLICT: /a"),
                kept(4, ErrorCode.NOT_FOUND, "NOT_FOUND: /b"),
                kept(5, ErrorCode.UFS_CONFLICT, "UFS_CONFLICT: /c")));
    assertThat(told(found))
        .containsExactly(
            "jobs 2 changes met an object at the UFS that another program had put there, which"
                + " was kept. One is job 5 of 1970-01-01T00:00:01Z: UFS_CONFLICT: /c",
            "jobs 1 change failed for good at the UFS. One is job 4 of 1970-01-01T00:00:01Z:"
                + " NOT_FOUND: /b");
    assertThat(found).extracting(Finding::level).containsOnly(Finding.Level.WARNING);
    assertThat(found.get(0).advice())
        .contains("curvine jobs list --failed", "NAME.conflict-", "jobs cancel");
  }

  @Test
  void secretsThatCannotBeOpenedOrAreInClearAreTold() {
    assertThat(MasterChecks.secrets("master m1", 0, 0)).isEmpty();
    List<Finding> found = MasterChecks.secrets("master m1", 1, 2);
    assertThat(told(found))
        .containsExactly(
            "master m1 cannot open the secrets of 1 mount, so it could not reach the UFS if it led",
            "master m1 keeps the secrets of 2 mounts in clear on its disk");
    assertThat(found)
        .extracting(Finding::level)
        .containsExactly(Finding.Level.ERROR, Finding.Level.WARNING);
  }

  @Test
  void consumersThatLostTheirPlaceAreTold() {
    FeedState state =
        FeedState.newBuilder()
            .setFirstOffset(100)
            .addGroups(
                FeedGroup.newBuilder()
                    .setName("g")
                    .addPlaces(FeedPlace.newBuilder().setTopic("t").setOffset(5).setLagMs(-1))
                    .addPlaces(
                        FeedPlace.newBuilder().setTopic("u").setLagEvents(7).setLagMs(7_200_000))
                    .addPlaces(FeedPlace.newBuilder().setTopic("v").setLagMs(1)))
            .addFloors(
                FloorState.newBuilder()
                    .setFloor(FeedFloor.newBuilder().setName("f"))
                    .setOffset(5)
                    .setPassed(true))
            .addMirrors(MirrorState.newBuilder().setCopy("c").setState("gap").setDetail("why"))
            .addMirrors(MirrorState.newBuilder().setCopy("d").setState("copying"))
            .build();
    assertThat(told(FeedChecks.all(state)))
        .containsExactly(
            "group g is at offset 5 of t, which the journal has no more",
            "group g has not read 7 events of u, the first 120 minutes old",
            "mirror c is gap: why",
            "floor f keeps from offset 5 on, but the journal begins at 100");
  }
}
