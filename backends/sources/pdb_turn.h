/*
 * pdb_turn - who may ask PeeringDB when, among all peerdecks of one data directory.
 *
 * PeeringDB counts questions by address and by key, whoever asks them: two consoles that each keep its pace are twice too
 * fast.  A small file holds when the next question may be asked and how long the server wants to be left alone; a lock
 * keeps two of them from asking for the same networks at the same time.  With a key the counts are others, and so is
 * the file.  Where the file cannot be had everybody goes by himself.
 */
#ifndef PEERDECK_SOURCES_PDB_TURN_H
#define PEERDECK_SOURCES_PDB_TURN_H

#include <stdbool.h>
#include <stdint.h>

struct pdb_turn;

struct pdb_turn *pdb_turn_new(const char *dir, bool keyed); /* never NULL */
void pdb_turn_free(struct pdb_turn *t);                     /* NULL is fine; lets go of what is held */

/* 0: a question may be asked now, and nobody asks another for gap_ms; else how many ms to wait before trying again. */
int64_t pdb_turn_take(struct pdb_turn *t, int64_t gap_ms);
/* An answer came: the gap begins now. */
void pdb_turn_answered(struct pdb_turn *t, int64_t gap_ms);
/* The server demanded to be left alone for so long. */
void pdb_turn_pause(struct pdb_turn *t, int64_t ms);
int64_t pdb_turn_paused_ms(struct pdb_turn *t); /* 0 not */

/* Keeps others from beginning a sync until it is released; false: somebody else keeps us from it. */
bool pdb_turn_hold(struct pdb_turn *t);
void pdb_turn_release(struct pdb_turn *t);

#endif
