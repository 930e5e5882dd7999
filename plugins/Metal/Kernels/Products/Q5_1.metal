#include "Formats/Q5_1.metal"
#include "Products/MatVec.metal"
#include "Products/MatMat.metal"
#include "Products/GetRows.metal"

template [[host_name("mat_vec_q5_1")]] kernel decltype(mat_vec<Q5_1>) mat_vec<Q5_1>;
template [[host_name("mat_mat_q5_1")]] kernel decltype(mat_mat<Q5_1>) mat_mat<Q5_1>;
template [[host_name("get_rows_q5_1")]] kernel decltype(get_rows<Q5_1>) get_rows<Q5_1>;
