// expect: blocked rule=inline-assembly
// unvalidated: memory_limit rule=memory-limit
// gvisor: compile_error compiler="out of memory"
// When the assembler dies the compiler loses its reader; the first death is the cause.
__asm__(".rept 1000000000\nnop\n.endr");
#define T1(n) long t##n##a[] = {n, n, n, n, n, n, n, n}; long t##n##b[] = {n, n, n, n, n, n, n, n};
#define T2(n) T1(n##0) T1(n##1) T1(n##2) T1(n##3) T1(n##4) T1(n##5) T1(n##6) T1(n##7) T1(n##8)
#define T3(n) T2(n##0) T2(n##1) T2(n##2) T2(n##3) T2(n##4) T2(n##5) T2(n##6) T2(n##7) T2(n##8)
T3(1) T3(2) T3(3) T3(4) T3(5) T3(6) T3(7) T3(8) T3(9)

int main(void)
{
    return 0;
}
