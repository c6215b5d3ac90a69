/*
 * id - names of plans, jobs and actions: unique, and sortable by time.
 */
#ifndef PEERDECK_ACT_ID_H
#define PEERDECK_ACT_ID_H

#define ACT_ID_LEN 40
/* Unique and sortable: UTC time to the millisecond and 48 random bits. */
void act_id_new(char out[ACT_ID_LEN]);

#endif
